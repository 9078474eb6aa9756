import { type AttemptRef, decodeJson, encodeJson, type Report, type Resume } from '@tasked/core';
import type { TaskRecord } from './task-record.ts';
import type { Transaction } from './transaction.ts';

/** What earlier attempts of a task left; null when they left nothing. */
export function resumeOf({ inputs, savedText }: TaskRecord): Resume | null {
  if (inputs.size === 0 && savedText === null) return null;
  const all = [...inputs];
  const answers = all.flatMap(([key, { answerText }]) =>
    answerText === null ? [] : [[key, decodeJson(answerText)] as const],
  );
  return {
    answers: Object.fromEntries(answers),
    expired: all.filter(([, { answerText }]) => answerText === null).map(([key]) => key),
    saved: savedText === null ? null : decodeJson(savedText),
  };
}

/** Keeps what a running attempt reports; see `WorkStore.report`. */
export function report(tx: Transaction, attempt: AttemptRef, { saved, progress }: Report): boolean {
  const savedText = saved === undefined ? null : encodeJson(saved, 'what an attempt saves');
  const task = tx.tables.task(attempt);
  if (task?.state !== 'running' || task.fence !== attempt.fence) return false;
  if (savedText !== null) {
    task.savedText = savedText;
    tx.write();
  }
  if (progress !== undefined) {
    const { message, fraction } = progress;
    task.progress = Object.freeze({ message, fraction });
    tx.touchTask(task);
  }
  return true;
}
