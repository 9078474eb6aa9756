import { type EpochMs, MAX_TICK } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { TASK } from '../../encoding/codes.ts';
import { flowKeyOf } from '../../encoding/flow-task-key.ts';
import type { Inputs } from '../inputs.ts';
import type { Ledger } from './ledger.ts';

/** A delayed or waiting task whose time has come. */
interface DueTask {
  readonly key: number;
  readonly state: number;
}

/** Makes delayed tasks ready when their time has come, and waiting ones when their deadline has. */
export class Promoting {
  readonly #inputs: Inputs;
  readonly #due: Statement<[EpochMs], DueTask>;
  readonly #promote: Statement<[number, number]>;
  readonly #next: Statement<[], EpochMs>;

  constructor(db: Database, inputs: Inputs) {
    this.#inputs = inputs;
    this.#due = db.prepare(
      `select key, state from flow_task indexed by flow_task_due
         where available_at <= +? order by available_at limit ${MAX_TICK}`,
    );
    this.#promote = db.prepare(
      `update flow_task set state = ${TASK.ready}, available_at = null, rev = ? where key = ?`,
    );
    this.#next = db
      .prepare<[], EpochMs>(
        `select available_at from flow_task indexed by flow_task_due
         where available_at is not null order by available_at limit 1`,
      )
      .pluck();
  }

  /** When the next task is due; null when there is none. May have passed. */
  next(): EpochMs | null {
    return this.#next.get() ?? null;
  }

  /** Promotes the tasks that are due, at most as many as one tick can claim; `next` tells of the rest. */
  promote(now: EpochMs, ledger: Ledger): void {
    for (const { key, state } of this.#due.all(now)) {
      const flow = ledger.flow(flowKeyOf(key));
      if (state === TASK.waiting) this.#inputs.close(key);
      this.#promote.run(flow.rev, key);
      ledger.move(flow, state, TASK.ready);
    }
  }
}
