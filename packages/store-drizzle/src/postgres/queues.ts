import type { NewQueue, Queue, QueueName } from '@tasked/core';
import type { Database } from './database.ts';

interface QueueRow {
  readonly name: QueueName;
  readonly concurrency: number | null;
  readonly running: number;
  readonly paused: boolean;
  readonly retries: number;
  readonly timeoutMs: number | null;
}

/** Reads and writes queues. */
export class Queues {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async get(name: QueueName): Promise<Queue | null> {
    const row = await this.#db.row<QueueRow>(
      `select name, concurrency, paused, retries, timeout_ms as "timeoutMs",
         case when concurrency is not null then running else @running_in(key) end as running
       from @queue q where name = $1`,
      [name],
    );
    if (row === null) return null;
    const { concurrency, running, paused, retries, timeoutMs } = row;
    return { name, concurrency, defaults: { retries, timeoutMs }, running, paused };
  }

  /** `QueueStore.ensureQueue`. */
  async ensure({ name, concurrency, defaults }: NewQueue): Promise<Queue> {
    const existing = await this.get(name);
    if (existing !== null) return existing;
    await this.#db.query(
      `insert into @queue (name, concurrency, retries, timeout_ms) values ($1, $2, $3, $4)
       on conflict (name) do nothing`,
      [name, concurrency, defaults.retries, defaults.timeoutMs],
    );
    return (await this.get(name)) as Queue;
  }

  /** False when that changes nothing. */
  async setPaused(name: QueueName, paused: boolean): Promise<boolean> {
    const changed = await this.#db.query(
      'update @queue set paused = $2 where name = $1 and paused <> $2 returning key',
      [name, paused],
    );
    return changed.length > 0;
  }
}
