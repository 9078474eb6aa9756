import type { Clock, EpochMs } from '@tasked/core';

/** Longest delay that Node's timers keep; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How often a new clock is measured: a first answer may be slow. */
const FIRST_TIMES = 3;

/** By how much the clock may be ahead and stands still for the database to catch up; if it is more it jumps back. */
const SMALL_MS = 5_000;

/**
 * The database's clock, so that all runners on it agree on the time, whatever their machines say. Between two
 * measurements it goes on with this process's monotonic clock. A small correction never sets it back: it stands
 * still until the database's clock has caught up.
 */
export class DatabaseClock implements Clock {
  readonly #monotonic: () => number;
  /** What to add to the monotonic clock; null until it was measured. */
  #offset: number | null = null;
  #last = Number.NEGATIVE_INFINITY;

  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /**
   * Follows the clock that `read` asks: once, or a few times when it is new. What was measured is as good as the
   * answer was quick.
   */
  async measure(read: () => Promise<EpochMs>): Promise<void> {
    const times = this.#offset === null ? FIRST_TIMES : 1;
    for (let time = 0; time < times; time++) await this.#measure(read);
  }

  async #measure(read: () => Promise<EpochMs>): Promise<void> {
    const asked = this.#monotonic();
    const said = await read();
    const answered = this.#monotonic();
    const earliest = said - answered;
    const latest = said - asked;
    if (this.#offset === null || this.#offset < earliest || this.#offset > latest) {
      this.#offset = (earliest + latest) / 2;
    }
  }

  now(): EpochMs {
    const now = Math.floor(this.#monotonic() + (this.#offset ?? performance.timeOrigin));
    const isAhead = this.#last > now && this.#last - now <= SMALL_MS;
    this.#last = isAhead ? this.#last : now;
    return this.#last;
  }

  schedule(delayMs: number, fire: () => void): () => void {
    const timer = setTimeout(fire, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  }
}
