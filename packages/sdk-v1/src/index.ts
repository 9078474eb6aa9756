export { createTaskStore, type TaskStoreOptions } from './create-task-store.ts';
export type { DurableEngine } from './durable/durable-engine.ts';
export { durableTool1x } from './durable/durable-tool-1x.ts';
export type { DurableTaskStore } from './durable-task-store.ts';
