/** How often and how soon a failed task is tried again. */
export interface RetryPolicy {
  /** Further attempts after the first; 0 means that the first failure is final. */
  readonly retries: number;
  /** Delay before the second attempt; it doubles with every further one. */
  readonly backoffMs: number;
  /** No delay is longer than this. */
  readonly maxBackoffMs: number;
}

/** A number in [0, 1). */
export type Random = () => number;

/**
 * How long to wait after attempt number `attempt` (1 is the first) failed: exponential, capped, with
 * jitter that takes away up to half, so that tasks that failed together do not return together.
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: Random): number {
  const doubled = policy.backoffMs * 2 ** Math.min(attempt - 1, 40);
  const capped = Math.min(doubled, policy.maxBackoffMs);
  return Math.round(capped * (1 - random() / 2));
}
