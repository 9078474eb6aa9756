export { newFlow } from './builders/new-flow.ts';
export { newQueue } from './builders/new-queue.ts';
export { newRunner } from './builders/new-runner.ts';
export { newTask, newTasks } from './builders/new-task.ts';
export {
  asking,
  failed,
  newFailure,
  released,
  retried,
  snoozed,
  stopped,
  succeeded,
} from './builders/settlements.ts';
export { endedTask, taskRecord } from './builders/task-record.ts';
export { FakeClock } from './fake-clock.ts';
export { type LogStoreCase, runLogStoreCase } from './log/log-store-case.ts';
export { LOG_STORE_CASE_IDS, type LogStoreCaseId } from './log/log-store-case-ids.ts';
export { LOG_STORE_CASES } from './log/log-store-cases.ts';
export { logStoreContract } from './log/log-store-contract.ts';
export type { LogStoreSubject } from './log/log-store-subject.ts';
export { appliesTo, runStoreCase, type StoreCase } from './store/store-case.ts';
export { STORE_CASE_IDS, type StoreCaseId } from './store/store-case-ids.ts';
export { STORE_CASES } from './store/store-cases.ts';
export { storeContract } from './store/store-contract.ts';
export type { StoreSubject } from './store/store-subject.ts';
export { runTaskStoreCase, type TaskStoreCase } from './tasks/task-store-case.ts';
export { TASK_STORE_CASE_IDS, type TaskStoreCaseId } from './tasks/task-store-case-ids.ts';
export { TASK_STORE_CASES } from './tasks/task-store-cases.ts';
export { taskStoreContract } from './tasks/task-store-contract.ts';
export type { TaskStoreSubject } from './tasks/task-store-subject.ts';
