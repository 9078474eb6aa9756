import { storeContract } from '@tasked/store-testkit';
import { sharedMemory } from './planted/shared-memory.ts';

storeContract(sharedMemory());
