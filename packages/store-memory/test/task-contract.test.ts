import { taskStoreContract } from '@tasked/store-testkit';
import { MemoryStore, MemoryTaskStore } from '../src/index.ts';

taskStoreContract({ name: 'MemoryTaskStore', open: async () => new MemoryTaskStore() });
taskStoreContract({ name: 'MemoryStore', open: async () => new MemoryStore() });
