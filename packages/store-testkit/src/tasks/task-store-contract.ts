import type { TaskStore } from '@tasked/core';
import { registerCases } from '../register-cases.ts';
import { runTaskStoreCase, taskCaseAppliesTo } from './task-store-case.ts';
import { TASK_STORE_CASE_IDS } from './task-store-case-ids.ts';
import { TASK_STORE_CASES } from './task-store-cases.ts';
import type { TaskStoreSubject } from './task-store-subject.ts';

/**
 * Registers the whole contract of task stores as tests of the file that calls it. Cases that need `reopen`,
 * `openSecond` or `deleteExpiredTasks` are registered when the subject offers it.
 */
export function taskStoreContract<Store extends TaskStore>(subject: TaskStoreSubject<Store>): void {
  const any = subject as unknown as TaskStoreSubject;
  registerCases({
    title: `${subject.name} keeps the task store contract`,
    ids: TASK_STORE_CASE_IDS,
    cases: TASK_STORE_CASES,
    applies: (one) => taskCaseAppliesTo(one, any),
    run: (one) => runTaskStoreCase(any, one),
  });
}
