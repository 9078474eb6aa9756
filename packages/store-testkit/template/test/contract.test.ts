import { logStoreContract, storeContract, taskStoreContract } from '@tasked/store-testkit';
import { AcmeLogStore, AcmeStore, AcmeTaskStore } from '../src/index.ts';

taskStoreContract({ name: 'AcmeTaskStore', open: async () => new AcmeTaskStore() });
logStoreContract({ name: 'AcmeLogStore', open: async () => new AcmeLogStore() });
storeContract({ name: 'AcmeStore', open: async () => new AcmeStore() });
