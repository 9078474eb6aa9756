import { modelSuite } from '@tasked/store-testkit/model';
import { MemoryStore } from '../src/index.ts';

modelSuite(async () => new MemoryStore(), { sequences: 2_000 });
