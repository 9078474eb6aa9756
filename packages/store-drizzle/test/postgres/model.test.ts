import { modelSuite } from '@tasked/store-testkit/model';
import { newSchema, openIn } from './schemas.ts';

const openPostgres = () => openIn(newSchema());

modelSuite(openPostgres, { sequences: 500 });
