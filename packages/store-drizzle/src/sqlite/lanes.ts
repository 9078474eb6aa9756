import type { QueueName } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';

/** A queue and an executor: the unit in which a runner can run tasks or cannot. */
export interface Lane {
  readonly key: number;
  readonly queueKey: number;
  readonly queue: QueueName;
  readonly executor: string;
}

/** The lanes of the data. A lane never changes, so each is read once. */
export class Lanes {
  readonly #known = new Map<number, Lane>();
  readonly #read: Statement<[number], Lane>;
  readonly #find: Statement<[number, string], number>;
  readonly #insert: Statement<[number, string]>;

  constructor(db: Database) {
    this.#read = db.prepare(
      `select l.key, l.queue_key as queueKey, q.name as queue, l.executor
       from lane l join queue q on q.key = l.queue_key where l.key = +?`,
    );
    this.#find = db
      .prepare<[number, string], number>(
        'select key from lane where queue_key = ? and executor = ?',
      )
      .pluck();
    this.#insert = db.prepare('insert into lane (queue_key, executor) values (?, ?)');
  }

  /** The lane of a task that was read from the data. */
  get(key: number): Lane {
    let lane = this.#known.get(key);
    if (lane === undefined) {
      lane = this.#read.get(key) as Lane;
      this.#known.set(key, lane);
    }
    return lane;
  }

  /** The key of a lane, created if it is missing. Its transaction may yet fail, so it is not remembered. */
  ensure(queueKey: number, executor: string): number {
    const found = this.#find.get(queueKey, executor);
    return found ?? Number(this.#insert.run(queueKey, executor).lastInsertRowid);
  }
}
