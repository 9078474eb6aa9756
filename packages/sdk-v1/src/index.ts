export { createTaskStore, type TaskStoreOptions } from './create-task-store.ts';
export type { DurableTaskStore } from './durable-task-store.ts';
