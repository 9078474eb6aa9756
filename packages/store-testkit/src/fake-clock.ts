import { setImmediate as turn } from 'node:timers/promises';
import type { Clock, EpochMs } from '@tasked/core';

interface Timer {
  readonly at: EpochMs;
  readonly fire: () => void;
}

/** A clock that stands still until a test moves it. Timers fire inside `advance`, never on their own. */
export class FakeClock implements Clock {
  #now: EpochMs;
  /** By time, then by the order of `schedule`. */
  readonly #timers: Timer[] = [];

  /** Starts at `now`; the default is a round time in 2026. */
  constructor(now: EpochMs = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): EpochMs {
    return this.#now;
  }

  schedule(delayMs: number, fire: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), fire };
    const later = this.#timers.findIndex((other) => other.at > timer.at);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
    return () => {
      const place = this.#timers.indexOf(timer);
      if (place !== -1) this.#timers.splice(place, 1);
    };
  }

  /**
   * Moves the time on by `ms`. Fires every timer that falls due on the way, at its own time and in
   * order, and lets promises settle before the first, between them and after the last, so that a timer
   * which their code schedules is fired too if it is due. What a timer throws rejects this call.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#now + Math.max(0, ms);
    await turn();
    for (let due = this.#takeDue(until); due !== undefined; due = this.#takeDue(until)) {
      this.#now = Math.max(this.#now, due.at);
      due.fire();
      await turn();
    }
    this.#now = Math.max(this.#now, until);
    await turn();
  }

  #takeDue(until: EpochMs): Timer | undefined {
    const first = this.#timers[0];
    return first !== undefined && first.at <= until ? this.#timers.shift() : undefined;
  }
}
