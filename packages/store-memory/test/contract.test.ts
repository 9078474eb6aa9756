import { logStoreContract, storeContract } from '@tasked/store-testkit';
import { MemoryLogStore, MemoryStore } from '../src/index.ts';

storeContract({ name: 'MemoryStore', open: async () => new MemoryStore() });
logStoreContract({ name: 'MemoryLogStore', open: async () => new MemoryLogStore() });
