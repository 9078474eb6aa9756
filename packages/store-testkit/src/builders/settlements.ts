import type {
  AttemptRef,
  EpochMs,
  InputRequests,
  JsonValue,
  Settlement,
  TaskFailure,
} from '@tasked/core';

/** A failure for tests. */
export function newFailure(fields: Partial<TaskFailure> = {}): TaskFailure {
  return { code: 'boom', message: 'it went wrong', retryable: true, ...fields };
}

/** Ends an attempt as succeeded. */
export function succeeded(attempt: AttemptRef, output: JsonValue = null): Settlement {
  return { attempt, kind: 'succeeded', output };
}

/** Ends an attempt, and its task, as failed. */
export function failed(attempt: AttemptRef, output: JsonValue = null): Settlement {
  return { attempt, kind: 'failed', failure: newFailure(), output };
}

/** Ends an attempt as failed, and its task is tried again at `availableAt`. */
export function retried(attempt: AttemptRef, availableAt: EpochMs): Settlement {
  return { attempt, kind: 'retry', failure: newFailure(), availableAt };
}

/** Puts a task off until `availableAt`. */
export function snoozed(attempt: AttemptRef, availableAt: EpochMs): Settlement {
  return { attempt, kind: 'snooze', availableAt };
}

/** Gives a task back; `spent` tells whether its executor had started. */
export function released(attempt: AttemptRef, spent = false): Settlement {
  return { attempt, kind: 'released', spent };
}

/** Says that a cancelled attempt has really stopped. */
export function stopped(attempt: AttemptRef): Settlement {
  return { attempt, kind: 'stopped' };
}

/** Lets a task wait for inputs; without `deadlineAt`, for ever. */
export function asking(
  attempt: AttemptRef,
  inputRequests: InputRequests,
  deadlineAt: EpochMs | null = null,
): Settlement {
  return { attempt, kind: 'waiting', inputRequests, deadlineAt };
}
