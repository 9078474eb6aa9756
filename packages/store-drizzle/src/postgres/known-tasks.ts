import type { AttemptRef, RunnerId } from '@tasked/core';
import type { Database } from './database.ts';

/** Where a task stands in the schema. */
export interface KnownTask {
  readonly key: number;
  /** The key of its queue, if that has a limit. */
  readonly limitedQueue: number | null;
}

/** A task that was claimed here. */
export interface ClaimedTask extends KnownTask {
  readonly runnerId: RunnerId;
  /** Its row in `HeldRows`. */
  readonly held: number;
}

/** A task that does not exist. */
const NONE: KnownTask = { key: -1, limitedQueue: null };

/**
 * The tasks whose attempts began here and are not settled yet, so that no tick has to look for them: known by the very
 * objects that `advance` returned. Others are looked up.
 */
export class KnownTasks {
  readonly #db: Database;
  readonly #tasks = new WeakMap<AttemptRef, ClaimedTask>();

  constructor(db: Database) {
    this.#db = db;
  }

  remember(attempt: AttemptRef, task: ClaimedTask): void {
    this.#tasks.set(attempt, task);
  }

  /** Returns what was remembered, if the runner is the one that claimed it. */
  forget(attempt: AttemptRef, runnerId: RunnerId): ClaimedTask | undefined {
    const task = this.#tasks.get(attempt);
    if (task?.runnerId !== runnerId) return undefined;
    this.#tasks.delete(attempt);
    return task;
  }

  /** The task of each attempt. The key of one that does not exist is none that any task has. */
  async of(attempts: readonly AttemptRef[]): Promise<readonly KnownTask[]> {
    const known = attempts.map((attempt) => this.#tasks.get(attempt));
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
