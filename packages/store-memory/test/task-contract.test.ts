import { taskStoreContract } from '@tasked/store-testkit';
import { MemoryTaskStore } from '../src/index.ts';

taskStoreContract({ name: 'MemoryTaskStore', open: async () => new MemoryTaskStore() });
