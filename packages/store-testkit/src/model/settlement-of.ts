import type { AttemptRef, EpochMs, Settlement, TaskFailure } from '@tasked/core';
import type { ModelTask } from './model-records.ts';
import type { SettleChoice } from './sequence.ts';

const FAILURE: TaskFailure = { code: 'boom', message: 'it went wrong', retryable: true };

/** The settlement that a choice stands for; a failure is tried again while the budget lasts. */
export function settlementOf(task: ModelTask, choice: SettleChoice, now: EpochMs): Settlement {
  const fence = task.attempts.length + choice.staleBy;
  const attempt: AttemptRef = { flowId: task.flow.spec.id, taskId: task.spec.id, fence };
  const output = { by: fence };
  const availableAt = now + choice.delayMs;
  switch (choice.how) {
    case 'succeed':
      return { attempt, kind: 'succeeded', output };
    case 'fail':
      return task.attempt <= task.spec.retry.retries
        ? { attempt, kind: 'retry', failure: FAILURE, availableAt }
        : { attempt, kind: 'failed', failure: FAILURE, output };
    case 'fail-for-good':
      return { attempt, kind: 'failed', failure: { ...FAILURE, retryable: false }, output };
    case 'snooze':
      return { attempt, kind: 'snooze', availableAt };
    case 'release':
      return { attempt, kind: 'released', spent: true };
    case 'give-back':
      return { attempt, kind: 'released', spent: false };
    case 'ask': {
      const asked = choice.keys.map((key) => [key, { ask: key, by: fence }] as const);
      const deadlineAt = choice.hasDeadline ? availableAt : null;
      return { attempt, kind: 'waiting', inputRequests: Object.fromEntries(asked), deadlineAt };
    }
    case 'stop':
      return { attempt, kind: 'stopped' };
  }
}
