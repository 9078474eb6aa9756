import type { JsonValue } from './json.ts';

/** One thing that is wrong with what a caller sent. */
export interface Fault {
  /** Where: `tasks[2].depends_on[0]`. */
  readonly path: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What was found there, shortened when long; omitted when nothing was. */
  readonly got?: JsonValue;
  /** What is allowed there. */
  readonly expected?: string;
  /** The nearest allowed word to the one that was found. */
  readonly didYouMean?: string;
}
