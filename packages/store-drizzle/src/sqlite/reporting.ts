import type { AttemptRef, FlowTaskId } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { TASK } from '../encoding/codes.ts';
import type { EncodedReport } from '../encoding/encoded-report.ts';
import type { Inputs } from './inputs.ts';
import type { Ledger } from './tick/ledger.ts';

/** Keeps what running attempts report. */
export class Reporting {
  readonly #inputs: Inputs;
  readonly #find: Statement<[number, FlowTaskId, number], number>;
  readonly #progress: Statement<[string, number, number]>;

  constructor(db: Database, inputs: Inputs) {
    this.#inputs = inputs;
    this.#find = db
      .prepare<[number, FlowTaskId, number], number>(
        `select key from flow_task indexed by flow_task_id
         where flow_key = ? and id = ? and fence = ? and state = ${TASK.running}`,
      )
      .pluck();
    this.#progress = db.prepare('update flow_task set progress = ?, rev = ? where key = ?');
  }

  /** `WorkStore.report`; MUST run inside a write transaction. */
  report(attempt: AttemptRef, { saved, progress }: EncodedReport, ledger: Ledger): boolean {
    const flow = ledger.flowById(attempt.flowId);
    const key = flow === null ? undefined : this.#find.get(flow.key, attempt.taskId, attempt.fence);
    if (flow === null || key === undefined) return false;
    if (saved !== null) this.#inputs.save(key, saved);
    if (progress === null) return true;
    this.#progress.run(progress, flow.rev, key);
    flow.changed = true;
    return true;
  }
}
