export { MemoryLogStore } from './memory-log-store.ts';
export { MemoryStore } from './memory-store.ts';
export { MemoryTaskStore } from './memory-task-store.ts';
