import { type ErrorCode, isPermanentError, isTaskedError, type TaskFailure } from '@tasked/core';
import { thrownText } from './thrown-text.ts';

/** What another try may mend; everything else that a service refuses it will refuse again. */
const TRANSIENT: readonly ErrorCode[] = ['unavailable', 'version_conflict', 'internal'];

/** The failure that something thrown stands for: one that may be retried, unless it says otherwise. */
export function thrownFailure(thrown: unknown): TaskFailure {
  if (isPermanentError(thrown)) return failure(thrown, { code: thrown.code, retryable: false });
  if (isTaskedError(thrown)) {
    return failure(thrown, { code: thrown.code, retryable: TRANSIENT.includes(thrown.code) });
  }
  return failure(thrown, { code: 'executor_error', retryable: true });
}

function failure(thrown: unknown, rest: Omit<TaskFailure, 'message'>): TaskFailure {
  return { ...rest, message: thrownText(thrown) };
}
