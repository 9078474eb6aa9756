import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { logStoreContract, storeContract } from '@tasked/store-testkit';

storeContract({ name: 'MemoryStore', open: async () => new MemoryStore() });
logStoreContract({ name: 'MemoryLogStore', open: async () => new MemoryLogStore() });
