import type { TaskFailure } from './failure.ts';
import type { JsonValue } from './json.ts';

/** What an executor says of one attempt. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly output: JsonValue }
  /** `output` is kept beside the failure, so that a dependent can look at it. */
  | { readonly kind: 'failed'; readonly failure: TaskFailure; readonly output?: JsonValue }
  /** Not yet: try again after `delayMs`, without spending an attempt. */
  | { readonly kind: 'snooze'; readonly delayMs: number };
