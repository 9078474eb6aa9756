import type { Clock, EpochMs } from '@tasked/core';

interface Limit {
  readonly at: EpochMs;
  readonly onOver: () => void;
  hasEnded: boolean;
  cancelTimer: (() => void) | null;
}

/** Watches how long attempts take. One that ends in the turn of the event loop in which it began costs no timer. */
export class TimeLimits {
  readonly #clock: Clock;
  /** Those that have begun in this turn. */
  #begun: Limit[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `onOver` in `ms`, unless the function that it returns was called before. */
  begin(ms: number, onOver: () => void): () => void {
    const limit: Limit = {
      at: this.#clock.now() + ms,
      onOver,
      hasEnded: false,
      cancelTimer: null,
    };
    if (this.#begun.push(limit) === 1) setImmediate(() => this.#watchBegun());
    return () => {
      limit.hasEnded = true;
      limit.cancelTimer?.();
    };
  }

  #watchBegun(): void {
    const begun = this.#begun;
    this.#begun = [];
    const now = this.#clock.now();
    for (const limit of begun) {
      if (limit.hasEnded) continue;
      limit.cancelTimer = this.#clock.schedule(limit.at - now, limit.onOver);
    }
  }
}
