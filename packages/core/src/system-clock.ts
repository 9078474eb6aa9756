import type { Clock } from './ports/clock.ts';

/** Longest delay that Node's timers keep; a longer one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. Timers longer than 24 days fire early; whoever sleeps looks again. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (delayMs, fire) => {
    const timer = setTimeout(fire, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
