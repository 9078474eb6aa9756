import type { Clock, EpochMs } from '@tasked/core';

/**
 * No sleep is longer, because timers do not count the time that a machine is suspended, nor follow a clock
 * that is set forward.
 */
const LONGEST_SLEEP_MS = 60_000;

/** So often in succession a lonely ring wakes at once: what else happens in the process needs a turn now and then. */
const MOST_AT_ONCE = 4;

/**
 * Lets one loop sleep until somebody rings or a time has come. A ring while it is awake is kept for its
 * next sleep. Rings wake it after the current turn of the event loop, so that whatever ends in the same
 * turn is found together: under load ticks grow into batches without any timer. A lonely ring, with which nothing can be
 * found together, wakes it at once.
 */
export class Wakeup {
  readonly #clock: Clock;
  #rung = false;
  #isLonely = false;
  /** How often it was woken without a turn of the event loop. */
  #atOnce = 0;
  #wake: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `isLonely`: nothing that might ring as well goes on in this turn. */
  ring(isLonely = false): void {
    if (this.#rung) return;
    this.#rung = true;
    this.#isLonely = isLonely;
    const wake = this.#wake;
    if (wake === null) return;
    if (this.#mayWakeAtOnce()) wake();
    else setImmediate(wake);
  }

  /** Resolves after a ring, at `until`, or after a minute; null waits for a ring alone. */
  async sleep(until: EpochMs | null): Promise<void> {
    if (!this.#rung) await this.#rungOr(until);
    else if (!this.#mayWakeAtOnce()) await new Promise<void>((resolve) => setImmediate(resolve));
    this.#rung = false;
  }

  #mayWakeAtOnce(): boolean {
    this.#atOnce = this.#isLonely && this.#atOnce < MOST_AT_ONCE ? this.#atOnce + 1 : 0;
    return this.#atOnce > 0;
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
