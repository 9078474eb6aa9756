import type { Clock } from './ports/clock.ts';
import { LONGEST_TIMER_MS } from './system-clock.ts';

/** The machine's clock, for work that can wait: its timers keep no process alive. */
export const backgroundClock: Clock = {
  now: () => Date.now(),
  schedule: (delayMs, fire) => {
    const timer = setTimeout(fire, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
