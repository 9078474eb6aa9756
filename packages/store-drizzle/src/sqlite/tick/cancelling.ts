import type { EpochMs } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { FLOW, TASK } from '../../encoding/codes.ts';
import { endOfFlow, flowTaskKey } from '../../encoding/flow-task-key.ts';
import type { Ledger } from './ledger.ts';
import type { FlowAccount } from './ledger-statements.ts';

const LIVE = [TASK.blocked, TASK.delayed, TASK.ready, TASK.running, TASK.waiting];

/** Ends flows before all their tasks have ended. */
export class Cancelling {
  readonly #cancel: Statement<[number, EpochMs, number, number]>;

  constructor(db: Database) {
    this.#cancel = db.prepare(
      `update flow_task not indexed
       set state = ${TASK.cancelled}, rev = ?, ended_at = ?, available_at = null,
         progress = null
       where key >= ? and key < ? and state in (${LIVE.join(', ')})`,
    );
  }

  /**
   * Ends a running flow as `how` and cancels every task of it that has not ended. A running task keeps
   * its runner, and with it its slot, until it is settled.
   */
  cancelRest(
    flow: FlowAccount,
    how: 'failed' | 'cancelled',
    { ledger, now }: { readonly ledger: Ledger; readonly now: EpochMs },
  ): void {
    this.#cancel.run(flow.rev, now, flowTaskKey(flow.key, 0), endOfFlow(flow.key));
    for (const state of LIVE) {
      ledger.move(flow, state, TASK.cancelled, flow.counts[state] as number);
    }
    flow.state = FLOW[how];
  }
}
