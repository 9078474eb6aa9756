import type { Clock, EpochMs } from '@tasked/core';

/**
 * No sleep is longer, because timers do not count the time that a machine is suspended, nor follow a clock
 * that is set forward.
 */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Lets one loop sleep until somebody rings or a time has come. A ring while it is awake is kept for its
 * next sleep. Rings wake it after the current turn of the event loop, so that whatever ends in the same
 * turn is found together: under load ticks grow into batches without any timer.
 */
export class Wakeup {
  readonly #clock: Clock;
  #rung = false;
  #wake: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    if (this.#rung) return;
    this.#rung = true;
    const wake = this.#wake;
    if (wake !== null) setImmediate(wake);
  }

  /** Resolves after a ring, at `until`, or after a minute; null waits for a ring alone. */
  async sleep(until: EpochMs | null): Promise<void> {
    if (this.#rung) await new Promise<void>((resolve) => setImmediate(resolve));
    else await this.#rungOr(until);
    this.#rung = false;
  }

  #rungOr(until: EpochMs | null): Promise<void> {
    return new Promise((resolve) => {
      let cancelTimer: (() => void) | null = null;
      const wake = () => {
        if (this.#wake !== wake) return;
        this.#wake = null;
        cancelTimer?.();
        resolve();
      };
      this.#wake = wake;
      if (until === null) return;
      const delayMs = Math.min(until - this.#clock.now(), LONGEST_SLEEP_MS);
      cancelTimer = this.#clock.schedule(delayMs, wake);
    });
  }
}
