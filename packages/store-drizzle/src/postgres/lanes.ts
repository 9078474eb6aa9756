import type { QueueName } from '@tasked/core';
import type { Database } from './database.ts';

/** A queue and an executor: the unit in which a runner can run tasks or cannot. */
export interface Lane {
  readonly queue: QueueName;
  readonly executor: string;
  /** The key of the queue, if that has a limit. */
  readonly limitedQueue: number | null;
}

/** The lanes of a schema. A lane never changes, nor whether its queue has a limit: each is read once. */
export class Lanes {
  readonly #db: Database;
  readonly #known = new Map<number, Lane>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** What was read before. */
  known(key: number): Lane | undefined {
    return this.#known.get(key);
  }

  async get(key: number): Promise<Lane> {
    let lane = this.#known.get(key);
    if (lane === undefined) {
      lane = (await this.#db.row<Lane>(
        `select q.name as queue, l.executor,
           case when q.concurrency is not null then q.key end as "limitedQueue"
         from @lane l join @queue q on q.key = l.queue_key where l.key = $1`,
        [key],
      )) as Lane;
      this.#known.set(key, lane);
    }
    return lane;
  }
}
