import type { RunnerId } from '@tasked/core';
import { PRESENCE } from '../encoding/codes.ts';
import { Lease } from './lease.ts';
import { hasEnded } from './process-identity.ts';

/** How long a session must have lasted before the locks of others tell anything: they may be about to return. */
export const SETTLED_MS = 10_000;

/** How long a lock must be free: a runner whose connection alone was lost takes it again within moments. */
export const ABSENT_MS = 1_000;

/** In place of the server's start: a runner without a lock, and one whose store was closed. */
export const SERVER_START = { none: 0, closed: -1 } as const;

/** What is seen of a runner. */
export interface SeenRunner {
  readonly id: RunnerId;
  readonly presence: number;
  readonly beat: number;
  /** Which process it is part of, as its machine knows it. */
  readonly process: string;
  readonly serverStart: number;
  /** Whether its lock is held. */
  readonly locked: boolean;
}

/** Who looks. */
export interface Observer {
  /** When the server started that it looks at. */
  readonly serverStart: number;
  /** Since when its line has held without a break. */
  readonly upSince: number;
  readonly isSession: boolean;
}

/**
 * Tells which runners are provably dead: they left, or were silent for a lease, or their lock is free. A free lock
 * tells something only on the server that it was taken on, and as long as that cannot be a moment without a
 * connection; unless the process is of this machine, which knows that it has ended.
 */
export class Deaths {
  readonly #lease: Lease;
  /** Since when locks have been seen to be free. */
  readonly #absentSince = new Map<RunnerId, number>();

  constructor(leaseMs: number) {
    this.#lease = new Lease(leaseMs);
  }

  /** True when a lock was free at the last look that has not been free for long enough. */
  get isSomebodyAbsent(): boolean {
    return this.#absentSince.size > 0;
  }

  /** Those of all runners that are dead. To be asked several times within each lease. */
  among(
    runners: readonly SeenRunner[],
    observer: Observer,
    now = performance.now(),
  ): readonly SeenRunner[] {
    const ids = new Set(runners.map(({ id }) => id));
    this.#lease.keep(ids);
    for (const id of this.#absentSince.keys()) if (!ids.has(id)) this.#absentSince.delete(id);
    return runners.filter((runner) => this.#isDead(runner, observer, now));
  }

  #isDead(runner: SeenRunner, observer: Observer, now: number): boolean {
    const expired = this.#lease.hasExpired(runner, observer.upSince, now);
    const absent = this.#isAbsent(runner, observer, now);
    const left = runner.presence === PRESENCE.leaving || runner.serverStart === SERVER_START.closed;
    return left || expired || absent;
  }

  #isAbsent(runner: SeenRunner, { serverStart, upSince, isSession }: Observer, now: number) {
    if (!isSession || runner.locked || runner.serverStart !== serverStart) {
      this.#absentSince.delete(runner.id);
      return false;
    }
    if (hasEnded(runner.process)) return true;
    const since = Math.max(this.#absentSince.get(runner.id) ?? now, upSince);
    this.#absentSince.set(runner.id, since);
    return now - upSince >= SETTLED_MS && now - since >= ABSENT_MS;
  }
}
