import type { RefusalReason } from '@tasked/core';
import { TASK } from './codes.ts';

/** What decides whether an input may be answered, as a database has it. */
export interface AnswerableRow {
  readonly answer: string | null;
  readonly isOpen: number;
}

/** Why an input is not answered; null when it may be. `state` is the code of its task's. */
export function refusalOf(
  input: AnswerableRow | undefined,
  state: number | undefined,
): RefusalReason | null {
  if (input === undefined) return 'unknown';
  if (input.answer !== null) return 'answered';
  return input.isOpen === 1 && state === TASK.waiting ? null : 'closed';
}
