import type { NewQueue, Queue, QueueName } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';

interface QueueRow {
  readonly name: QueueName;
  readonly concurrency: number | null;
  readonly running: number;
  readonly paused: number;
  readonly retries: number;
  readonly timeoutMs: number | null;
}

/** Reads and writes queues. */
export class Queues {
  readonly #get: Statement<[QueueName], QueueRow>;
  readonly #insert: Statement<[QueueName, number | null, number, number | null]>;
  readonly #pause: Statement<{ name: QueueName; paused: number }>;

  constructor(db: Database) {
    this.#get = db.prepare(
      `select name, concurrency, running, paused, retries, timeout_ms as timeoutMs
       from queue where name = ?`,
    );
    this.#insert = db.prepare(
      `insert into queue (name, concurrency, retries, timeout_ms) values (?, ?, ?, ?)
       on conflict (name) do nothing`,
    );
    this.#pause = db.prepare(
      'update queue set paused = $paused where name = $name and paused <> $paused',
    );
  }

  get(name: QueueName): Queue | null {
    const row = this.#get.get(name);
    if (row === undefined) return null;
    const { concurrency, running, retries, timeoutMs } = row;
    return {
      name,
      concurrency,
      defaults: { retries, timeoutMs },
      running,
      paused: row.paused === 1,
    };
  }

  /** `QueueStore.ensureQueue`. */
  ensure({ name, concurrency, defaults }: NewQueue): Queue {
    this.#insert.run(name, concurrency, defaults.retries, defaults.timeoutMs);
    return this.get(name) as Queue;
  }

  /** False when that changes nothing. */
  setPaused(name: QueueName, paused: boolean): boolean {
    return this.#pause.run({ name, paused: paused ? 1 : 0 }).changes > 0;
  }
}
