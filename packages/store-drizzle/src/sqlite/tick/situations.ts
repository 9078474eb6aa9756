import type { EpochMs, RunnerId } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { PRESENCE, TASK } from '../../encoding/codes.ts';

/** How things stand for a runner when its tick begins. */
export interface Situation {
  readonly runnerKey: number;
  /** When the next delayed task is due, or the next deadline; null when none is set. May have passed. */
  readonly nextDueAt: EpochMs | null;
  /** 1 when attempts of the runner were cancelled and not settled yet. */
  readonly hasCancelled: number;
  /** 1 when there is a ready task in any lane. */
  readonly hasReady: number;
}

/** Reads what every tick must know, by one statement: most ticks of a chain need little more. */
export class Situations {
  readonly #read: Statement<[RunnerId], Situation>;

  constructor(db: Database) {
    this.#read = db.prepare(
      `select key as runnerKey,
         (select available_at from flow_task indexed by flow_task_due
          where available_at is not null order by available_at limit 1) as nextDueAt,
         exists (select 1 from flow_task indexed by flow_task_held
          where runner_key = runner.key and attempt_end is null
            and state = ${TASK.cancelled}) as hasCancelled,
         exists (select 1 from flow_task indexed by flow_task_ready
          where state = ${TASK.ready}) as hasReady
       from runner where id = +? and presence >= ${PRESENCE.here}`,
    );
  }

  /** Null when the runner is not registered (any more). */
  of(runnerId: RunnerId): Situation | null {
    return this.#read.get(runnerId) ?? null;
  }
}
