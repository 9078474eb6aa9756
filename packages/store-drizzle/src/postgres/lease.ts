import type { RunnerId } from '@tasked/core';

/** What is seen of a runner's heart. */
export interface Heart {
  readonly id: RunnerId;
  readonly beat: number;
}

interface Seen {
  readonly beat: number;
  readonly at: number;
}

/**
 * Tells which hearts have stood still for a whole lease. The time is this process's monotonic clock, so that no
 * two clocks are compared.
 */
export class Lease {
  readonly #leaseMs: number;
  readonly #seen = new Map<RunnerId, Seen>();

  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs;
  }

  /**
   * True when the beat is the one that was seen a lease ago or longer. Time in which this process had no
   * connection does not count: nobody could write a beat then, perhaps.
   */
  hasExpired({ id, beat }: Heart, connectedSince: number, now = performance.now()): boolean {
    const seen = this.#seen.get(id);
    if (seen?.beat !== beat) {
      this.#seen.set(id, { beat, at: now });
      return false;
    }
    return now - Math.max(seen.at, connectedSince) >= this.#leaseMs;
  }
}
