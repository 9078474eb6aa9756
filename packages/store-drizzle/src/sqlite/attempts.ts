import type { Attempt } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { type AttemptRow, attemptsOf } from '../encoding/attempt-row.ts';
import { END } from '../encoding/codes.ts';

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
    return attemptsOf(this.#list.all({ key: taskKey }));
  }
}
