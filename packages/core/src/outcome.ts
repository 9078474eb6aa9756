import type { TaskFailure } from './failure.ts';
import type { JsonValue } from './json.ts';
import type { InputRequests } from './task/task-input.ts';

/** Longest delay of a retry that an executor may ask for: a day. */
export const MAX_RETRY_AFTER_MS = 86_400_000;

/** What an executor says of one attempt. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly output: JsonValue }
  /**
   * `output` is kept beside the failure, so that a dependent can look at it. A retry comes no sooner than
   * `retryAfterMs`, of which at most {@link MAX_RETRY_AFTER_MS} count, and no sooner than its backoff.
   */
  | {
      readonly kind: 'failed';
      readonly failure: TaskFailure;
      readonly output?: JsonValue;
      readonly retryAfterMs?: number;
    }
  /** Not yet: try again after `delayMs`, without spending an attempt. */
  | { readonly kind: 'snooze'; readonly delayMs: number }
  /**
   * Ask for these inputs and run again when all of them are answered, or after `withinMs` without the rest; holds no
   * slot meanwhile and spends no attempt. Keys MUST be new: those of `AttemptContext.resume` are never asked again.
   */
  | {
      readonly kind: 'waiting';
      readonly inputRequests: InputRequests;
      readonly withinMs?: number;
    };
