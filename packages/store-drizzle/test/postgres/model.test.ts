import { MemoryStore } from '@tasked/store-memory';
import { agreementSuite, modelSuite } from '@tasked/store-testkit/model';
import { newSchema, openIn } from './schemas.ts';

const openPostgres = () => openIn(newSchema());

modelSuite(openPostgres, { sequences: 500 });
agreementSuite(async () => new MemoryStore(), openPostgres, { sequences: 100 });
