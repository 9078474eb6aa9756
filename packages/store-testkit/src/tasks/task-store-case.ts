import { TaskBench } from './task-bench.ts';
import type { TaskStoreCaseId } from './task-store-case-ids.ts';
import type { TaskStoreSubject } from './task-store-subject.ts';

/** One promise of the contract of task stores, as a program that rejects when a store breaks it. */
export interface TaskStoreCase {
  /** Stable: what a store's author, or a test of this kit, refers to. */
  readonly id: TaskStoreCaseId;
  /** The promise, in words. */
  readonly title: string;
  /** What the subject must offer besides `open`; without it the case does not apply. */
  readonly needs?: readonly ('reopen' | 'openSecond' | 'deleteExpiredTasks')[];
  readonly run: (at: TaskBench) => Promise<void>;
}

/** True when the subject offers what the case needs. */
export function taskCaseAppliesTo(one: TaskStoreCase, subject: TaskStoreSubject): boolean {
  return (one.needs ?? []).every((need) =>
    need === 'deleteExpiredTasks' ? subject.expiresByItself !== true : subject[need] !== undefined,
  );
}

/** Runs one case on new data. Rejects when the store breaks the promise; closes what it opened. */
export async function runTaskStoreCase(
  subject: TaskStoreSubject,
  one: TaskStoreCase,
): Promise<void> {
  const at = await TaskBench.open(subject);
  try {
    await one.run(at);
  } finally {
    await at.close();
  }
}
