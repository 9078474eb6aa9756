import { taskStoreContract } from '@tasked/store-testkit';
import { tasksSuite } from '@tasked/store-testkit/model';
import { MemoryStore, MemoryTaskStore } from '../src/index.ts';

const memoryTasks = { name: 'MemoryTaskStore', open: async () => new MemoryTaskStore() };

taskStoreContract(memoryTasks);
taskStoreContract({ name: 'MemoryStore', open: async () => new MemoryStore() });
tasksSuite(memoryTasks, { runs: 500 });
