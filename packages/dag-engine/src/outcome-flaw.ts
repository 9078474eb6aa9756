import type { Outcome, TaskFailure } from '@tasked/core';

/**
 * Says why an outcome is none, although its type claims so; null for a sound one. Its output, and what
 * it asks for, are another matter: see `storable`. A time that is no number would leave its task delayed for ever.
 */
export function outcomeFlaw(said: Outcome | null | undefined): string | null {
  switch (said?.kind) {
    case 'succeeded':
      return null;
    case 'snooze':
      return Number.isFinite(said.delayMs) ? null : 'it snoozes, and delayMs is no number';
    case 'waiting':
      return Number.isFinite(said.withinMs ?? 0) ? null : 'it waits, and withinMs is no number';
    case 'failed':
      if (!isFailure(said.failure)) {
        return 'it failed, and the failure has no code, message and retryable';
      }
      return Number.isFinite(said.retryAfterMs ?? 0)
        ? null
        : 'it failed, and retryAfterMs is no number';
    default:
      return 'it is neither succeeded, failed, snooze nor waiting';
  }
}

function isFailure(failure: Partial<TaskFailure> | undefined): boolean {
  return (
    typeof failure?.code === 'string' &&
    typeof failure.message === 'string' &&
    typeof failure.retryable === 'boolean'
  );
}
