export { MemoryLogStore } from './memory-log-store.ts';
export { MemoryStore } from './memory-store.ts';
