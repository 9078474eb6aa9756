import type { AttemptRef, RunnerId } from '@tasked/core';
import type { Database } from './database.ts';

/** Where a task stands in the schema. */
export interface KnownTask {
  readonly key: number;
  /** The key of its queue, if that has a limit. */
  readonly limitedQueue: number | null;
  /** Its row in {@link HeldRows}; null when it was not claimed here. */
  readonly held: number | null;
}

/** A task that does not exist. */
const NONE: KnownTask = { key: -1, limitedQueue: null, held: null };

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

  remember(runnerId: RunnerId, attempt: AttemptRef, task: KnownTask): void {
    this.#tasks.set(nameOf(runnerId, attempt), task);
  }

  /** Returns what was remembered. */
  forget(runnerId: RunnerId, attempt: AttemptRef): KnownTask | undefined {
    const name = nameOf(runnerId, attempt);
    const task = this.#tasks.get(name);
    this.#tasks.delete(name);
    return task;
  }

  /** The task of each attempt of a runner. The key of one that does not exist is none that any task has. */
  async of(runnerId: RunnerId, attempts: readonly AttemptRef[]): Promise<readonly KnownTask[]> {
    const known = attempts.map((attempt) => this.#tasks.get(nameOf(runnerId, attempt)));
    if (!known.includes(undefined)) return known as KnownTask[];
    const rows = await this.#db.query<Omit<KnownTask, 'held'> & { n: number }>(
      `select x.n::integer, t.key::double precision as key,
         case when q.concurrency is not null then q.key end as "limitedQueue"
       from unnest($1::text[], $2::text[]) with ordinality as x(flow_id, task_id, n)
         join @flow f on f.id = x.flow_id join @queue q on q.key = f.queue_key
         join @flow_task t on t.flow_key = f.key and t.id = x.task_id`,
      [attempts.map(({ flowId }) => flowId), attempts.map(({ taskId }) => taskId)],
    );
    const tasks = attempts.map(() => NONE);
    for (const { n, ...task } of rows) tasks[n - 1] = { ...task, held: null };
    return tasks;
  }
}

function nameOf(runnerId: RunnerId, { flowId, taskId, fence }: AttemptRef): string {
  return `${runnerId}/${flowId}/${taskId}/${fence}`;
}
