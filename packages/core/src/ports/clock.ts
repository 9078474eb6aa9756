import type { EpochMs } from '../ids.ts';

/** The time, and timers that follow it. Tests put a fake one in its place. */
export interface Clock {
  now(): EpochMs;
  /** Calls `fire` once, `delayMs` from now (at least 0); the returned function calls it off. */
  schedule(delayMs: number, fire: () => void): () => void;
}
