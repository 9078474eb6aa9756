export { newFlow } from './builders/new-flow.ts';
export { newQueue } from './builders/new-queue.ts';
export { newRunner } from './builders/new-runner.ts';
export { newTask, newTasks } from './builders/new-task.ts';
export {
  failed,
  newFailure,
  released,
  retried,
  snoozed,
  stopped,
  succeeded,
} from './builders/settlements.ts';
export { FakeClock } from './fake-clock.ts';
export { appliesTo, runStoreCase, type StoreCase } from './store/store-case.ts';
export { STORE_CASE_IDS, type StoreCaseId } from './store/store-case-ids.ts';
export { STORE_CASES } from './store/store-cases.ts';
export { storeContract } from './store/store-contract.ts';
export type { StoreSubject } from './store/store-subject.ts';
export { type LiveTick, room, TestRunner } from './store/test-runner.ts';
export { Workbench } from './store/workbench.ts';
