import type { TaskFailure } from './failure.ts';
import type { EpochMs } from './ids.ts';
import { MAX_RETRY_AFTER_MS, type Outcome } from './outcome.ts';
import { type Random, type RetryPolicy, retryDelayMs } from './retry.ts';
import type { AttemptRef, Settlement } from './settlement.ts';

/** What the policy must know of the attempt that ended. */
export interface SpentAttempt {
  readonly ref: AttemptRef;
  /** 1 for the first started execution. */
  readonly attempt: number;
  readonly retry: RetryPolicy;
}

/** When it is, and the dice for jitter. */
export interface Moment {
  readonly now: EpochMs;
  readonly random: Random;
}

/** Turns what an executor said into what is recorded. A retryable failure within the budget is a retry. */
export function settle(spent: SpentAttempt, outcome: Outcome, at: Moment): Settlement {
  const attempt = spent.ref;
  switch (outcome.kind) {
    case 'succeeded':
      return { attempt, kind: 'succeeded', output: outcome.output };
    case 'snooze':
      return { attempt, kind: 'snooze', availableAt: at.now + Math.max(0, outcome.delayMs) };
    case 'waiting':
      return {
        attempt,
        kind: 'waiting',
        inputRequests: outcome.inputRequests,
        deadlineAt: outcome.withinMs === undefined ? null : at.now + Math.max(0, outcome.withinMs),
      };
    case 'failed':
      if (outcome.failure.retryable && hasBudget(spent)) {
        const backoffMs = retryDelayMs(spent.retry, spent.attempt, at.random);
        const askedMs = Math.min(outcome.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
        const availableAt = at.now + Math.max(backoffMs, askedMs);
        return { attempt, kind: 'retry', failure: outcome.failure, availableAt };
      }
      return { attempt, kind: 'failed', failure: outcome.failure, output: outcome.output ?? null };
  }
}

/** Settles an attempt whose runner died: a failure like any other, retried while the budget lasts. */
export function settleLost(spent: SpentAttempt, at: Moment): Settlement {
  return settle(spent, { kind: 'failed', failure: WORKER_LOST }, at);
}

/**
 * Settles an attempt that a graceful stop cut off after its executor started: given back at once while
 * the budget lasts, otherwise failed, because `retries: 0` promises that work never runs twice.
 */
export function settleInterrupted(spent: SpentAttempt): Settlement {
  const attempt = spent.ref;
  if (hasBudget(spent)) return { attempt, kind: 'released', spent: true };
  return { attempt, kind: 'failed', failure: INTERRUPTED, output: null };
}

function hasBudget(spent: SpentAttempt): boolean {
  return spent.attempt <= spent.retry.retries;
}

const WORKER_LOST: TaskFailure = {
  code: 'worker_lost',
  message: 'the process that ran this attempt died before it could say how it ended',
  retryable: true,
};

const INTERRUPTED: TaskFailure = {
  code: 'worker_stopped',
  message:
    'the process that ran this attempt was stopped before it ended, and no retries are left; ' +
    'keep a worker running for work that outlasts its client',
  retryable: true,
};
