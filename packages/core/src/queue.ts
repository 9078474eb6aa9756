import type { QueueName } from './ids.ts';

/** What tasks of a queue get when they say nothing themselves. */
export interface QueueDefaults {
  readonly retries: number;
  readonly timeoutMs: number | null;
}

/** A queue to be created. */
export interface NewQueue {
  readonly name: QueueName;
  /** How many of its tasks may run at once over all runners; null for no limit. */
  readonly concurrency: number | null;
  readonly defaults: QueueDefaults;
}

/** A named lane with a concurrency limit and defaults, as the store has it. */
export interface Queue extends NewQueue {
  /** Slots in use: running tasks, and cancelled ones that have not stopped yet. */
  readonly running: number;
  /** A paused queue hands out nothing; what runs goes on. */
  readonly paused: boolean;
}
