import { type AttemptRef, isTaskedError, type RunnerId } from '@tasked/core';
import type { Database } from './database.ts';

/** How often they are looked for. */
const LOOK_MS = 1_000;

/** For so long: a statement may go on in the server after its connection was lost. */
const REMEMBER_MS = 60_000;

interface Unanswered {
  readonly tick: number;
  readonly since: number;
}

/**
 * Ticks whose answer was lost with a connection: they may have been committed all the same, now or a moment
 * later, and what they claimed nobody runs.
 */
export class UnansweredClaims {
  readonly #db: Database;
  readonly #ticks = new Map<RunnerId, readonly Unanswered[]>();
  readonly #lookedAt = new Map<RunnerId, number>();
  #numbers = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** A number for a tick, by which what it claimed is found again. */
  number(): number {
    return ++this.#numbers;
  }

  /** A tick of the runner failed: if it got no answer, it may have been committed all the same. */
  failed(runnerId: RunnerId, tick: number, error: unknown): void {
    if (!isTaskedError(error) || error.code !== 'unavailable') return;
    const unanswered = { tick, since: performance.now() };
    this.#ticks.set(runnerId, [...(this.#ticks.get(runnerId) ?? []), unanswered]);
    this.#lookedAt.delete(runnerId);
  }

  /** What the runner holds by them, to be released. Mostly empty without asking the database. */
  async stranded(runnerId: RunnerId): Promise<readonly AttemptRef[]> {
    const ticks = this.#ticks.get(runnerId);
    const now = performance.now();
    if (ticks === undefined || now - (this.#lookedAt.get(runnerId) ?? -LOOK_MS) < LOOK_MS)
      return [];
    const stranded = await this.#db.query<AttemptRef>(
      `select f.id as "flowId", t.id as "taskId", t.fence
       from @runner r cross join @held_by(r.key) as k join @flow_task t on t.key = k
         join @flow f on f.key = t.flow_key
       where r.id = $1 and t.tick = any($2::integer[])`,
      [runnerId, ticks.map(({ tick }) => tick)],
    );
    this.#lookedAt.set(runnerId, now);
    if (stranded.length === 0) this.#forgetOld(runnerId, now);
    return stranded;
  }

  #forgetOld(runnerId: RunnerId, now: number): void {
    const recent =
      this.#ticks.get(runnerId)?.filter(({ since }) => now - since < REMEMBER_MS) ?? [];
    if (recent.length > 0) {
      this.#ticks.set(runnerId, recent);
      return;
    }
    this.#ticks.delete(runnerId);
    this.#lookedAt.delete(runnerId);
  }
}
