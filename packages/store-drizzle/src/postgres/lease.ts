import type { RunnerId } from '@tasked/core';

/** So often a runner says within a lease that it lives. */
export const BEATS_PER_LEASE = 6;

/** So often at least it must be looked at within a lease. */
export const LOOKS_PER_LEASE = 3;

/** What is seen of a runner's heart. */
export interface Heart {
  readonly id: RunnerId;
  readonly beat: number;
}

interface Seen {
  readonly beat: number;
  /** For how long it has been watched without a beat. */
  readonly silentMs: number;
  readonly lookedAt: number;
}

/**
 * Tells which hearts have stood still for a whole lease. The time is this process's monotonic clock, so that no
 * two clocks are compared, and only time in which it watched counts: not while it was frozen or had no connection.
 */
export class Lease {
  readonly #leaseMs: number;
  readonly #seen = new Map<RunnerId, Seen>();

  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs;
  }

  /** True when the beat has been the same for a lease. */
  hasExpired({ id, beat }: Heart, connectedSince: number, now = performance.now()): boolean {
    const seen = this.#seen.get(id);
    if (seen?.beat !== beat) {
      this.#seen.set(id, { beat, silentMs: 0, lookedAt: now });
      return false;
    }
    const watchedMs = Math.max(0, now - Math.max(seen.lookedAt, connectedSince));
    const silentMs = seen.silentMs + Math.min(watchedMs, this.#leaseMs / LOOKS_PER_LEASE);
    this.#seen.set(id, { beat, silentMs, lookedAt: now });
    return silentMs >= this.#leaseMs;
  }

  /** Forgets every heart but these. */
  keep(ids: ReadonlySet<RunnerId>): void {
    for (const id of this.#seen.keys()) if (!ids.has(id)) this.#seen.delete(id);
  }
}
