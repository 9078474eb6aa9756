import { type EpochMs, MAX_TICK } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { TASK } from '../../encoding/codes.ts';
import { flowKeyOf } from '../../encoding/flow-task-key.ts';
import type { Ledger } from './ledger.ts';

/** Makes delayed tasks ready when their time has come. */
export class Promoting {
  readonly #due: Statement<[EpochMs], number>;
  readonly #promote: Statement<[number, number]>;
  readonly #next: Statement<[], EpochMs>;

  constructor(db: Database) {
    this.#due = db
      .prepare<[EpochMs], number>(
        `select key from flow_task indexed by flow_task_delayed
         where state = ${TASK.delayed} and available_at <= +?
         order by available_at limit ${MAX_TICK}`,
      )
      .pluck();
    this.#promote = db.prepare(
      `update flow_task set state = ${TASK.ready}, available_at = null, rev = ? where key = ?`,
    );
    this.#next = db
      .prepare<[], EpochMs>(
        `select available_at from flow_task indexed by flow_task_delayed
         where state = ${TASK.delayed} order by available_at limit 1`,
      )
      .pluck();
  }

  /** When the next delayed task is due; null when there is none. May have passed. */
  next(): EpochMs | null {
    return this.#next.get() ?? null;
  }

  /** Promotes the tasks that are due, at most as many as one tick can claim; `next` tells of the rest. */
  promote(now: EpochMs, ledger: Ledger): void {
    for (const key of this.#due.all(now)) {
      const flow = ledger.flow(flowKeyOf(key));
      this.#promote.run(flow.rev, key);
      ledger.move(flow, TASK.delayed, TASK.ready);
    }
  }
}
