import type { AttemptRef } from '@tasked/core';
import type { Database } from './database.ts';

/** What no task has as its key. */
const NONE = -1;

/**
 * The keys of the tasks whose attempts began here and are not settled yet, so that no tick has to look for them.
 * Others are looked up.
 */
export class TaskKeys {
  readonly #db: Database;
  readonly #keys = new Map<string, number>();

  constructor(db: Database) {
    this.#db = db;
  }

  remember(attempt: AttemptRef, key: number): void {
    this.#keys.set(nameOf(attempt), key);
  }

  forget(attempt: AttemptRef): void {
    this.#keys.delete(nameOf(attempt));
  }

  /** The key of each attempt's task; one that no task has for a task that does not exist. */
  async of(attempts: readonly AttemptRef[]): Promise<readonly number[]> {
    const known = attempts.map((attempt) => this.#keys.get(nameOf(attempt)));
    if (!known.includes(undefined)) return known as number[];
    const rows = await this.#db.query<{ n: number; key: number }>(
      `select x.n::integer, t.key::double precision as key
       from unnest($1::text[], $2::text[]) with ordinality as x(flow_id, task_id, n)
         join @flow f on f.id = x.flow_id join @flow_task t on t.flow_key = f.key and t.id = x.task_id`,
      [attempts.map(({ flowId }) => flowId), attempts.map(({ taskId }) => taskId)],
    );
    const keys = attempts.map(() => NONE);
    for (const { n, key } of rows) keys[n - 1] = key;
    return keys;
  }
}

function nameOf({ flowId, taskId, fence }: AttemptRef): string {
  return `${flowId}/${taskId}/${fence}`;
}
