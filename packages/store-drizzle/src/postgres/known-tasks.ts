import type { AttemptRef } from '@tasked/core';
import type { Database } from './database.ts';

/** Where a task stands in the schema. */
export interface KnownTask {
  readonly key: number;
  /** The key of its queue, if that has a limit. */
  readonly limitedQueue: number | null;
}

/** A task that does not exist. */
const NONE: KnownTask = { key: -1, limitedQueue: null };

/**
 * The tasks whose attempts began here and are not settled yet, so that no tick has to look for them. Others are
 * looked up.
 */
export class KnownTasks {
  readonly #db: Database;
  readonly #tasks = new Map<string, KnownTask>();

  constructor(db: Database) {
    this.#db = db;
  }

  remember(attempt: AttemptRef, task: KnownTask): void {
    this.#tasks.set(nameOf(attempt), task);
  }

  forget(attempt: AttemptRef): void {
    this.#tasks.delete(nameOf(attempt));
  }

  /** The task of each attempt. The key of one that does not exist is none that any task has. */
  async of(attempts: readonly AttemptRef[]): Promise<readonly KnownTask[]> {
    const known = attempts.map((attempt) => this.#tasks.get(nameOf(attempt)));
    if (!known.includes(undefined)) return known as KnownTask[];
    const rows = await this.#db.query<KnownTask & { n: number }>(
      `select x.n::integer, t.key::double precision as key,
         case when q.concurrency is not null then q.key end as "limitedQueue"
       from unnest($1::text[], $2::text[]) with ordinality as x(flow_id, task_id, n)
         join @flow f on f.id = x.flow_id join @queue q on q.key = f.queue_key
         join @flow_task t on t.flow_key = f.key and t.id = x.task_id`,
      [attempts.map(({ flowId }) => flowId), attempts.map(({ taskId }) => taskId)],
    );
    const tasks = attempts.map(() => NONE);
    for (const { n, ...task } of rows) tasks[n - 1] = task;
    return tasks;
  }
}

function nameOf({ flowId, taskId, fence }: AttemptRef): string {
  return `${flowId}/${taskId}/${fence}`;
}
