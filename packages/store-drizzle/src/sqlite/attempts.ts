import type { Attempt, EpochMs, RunnerId, TaskFailure } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { attemptEndOf, END } from '../encoding/codes.ts';

interface AttemptRow {
  readonly fence: number;
  readonly runnerId: RunnerId;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  readonly end: number | null;
  readonly failure: string | null;
}

const COLUMNS = 'task_key, fence, runner_key, started_at, ended_at, attempt_end, failure';

/** The last attempt of a task, as its row has it; `failure` there may be that of an earlier one. */
const LAST = `select key, fence, runner_key, started_at, attempt_ended_at, attempt_end,
    iif(attempt_end in (${END.failed}, ${END.retry}), failure, null)
  from flow_task where key = $key and fence > 0`;

/** The history of tasks: the last attempt stands in the task's row, the ones before in rows of their own. */
export class Attempts {
  readonly #archive: Statement<{ key: number }>;
  readonly #list: Statement<{ key: number }, AttemptRow>;

  constructor(db: Database) {
    this.#archive = db.prepare(`insert into attempt (${COLUMNS}) ${LAST}`);
    this.#list = db.prepare(
      `select a.fence, r.id as runnerId, a.started_at as startedAt, a.ended_at as endedAt,
         a.attempt_end as "end", a.failure
       from (select ${COLUMNS} from attempt where task_key = $key union all ${LAST}) a
         join runner r on r.key = a.runner_key
       order by a.fence`,
    );
  }

  /** Gives the last attempt a row of its own; MUST be called before another takes its place. */
  archive(taskKey: number): void {
    this.#archive.run({ key: taskKey });
  }

  list(taskKey: number): readonly Attempt[] {
    const rows = this.#list.all({ key: taskKey });
    return rows.map((row, index) => attemptOf(row, rows[index - 1]));
  }
}

/** A take-over opens an attempt at the moment at which it ends the one before, without a claim. */
function attemptOf({ end, failure, ...row }: AttemptRow, before: AttemptRow | undefined): Attempt {
  const takenAt = before?.end === END.lost ? before.endedAt : null;
  return {
    ...row,
    startedAt: takenAt ?? row.startedAt,
    end: end === null ? null : attemptEndOf(end),
    failure: failure === null ? null : (JSON.parse(failure) as TaskFailure),
  };
}
