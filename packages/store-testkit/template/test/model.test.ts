import { modelSuite } from '@tasked/store-testkit/model';
import { AcmeStore } from '../src/index.ts';

modelSuite(async () => new AcmeStore(), { sequences: 500 });
