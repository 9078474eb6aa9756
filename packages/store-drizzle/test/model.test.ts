import { modelSuite } from '@tasked/store-testkit/model';
import { openSqliteStore } from '../src/sqlite/index.ts';
import { newDirectory } from './data-directories.ts';

const openSqlite = () => openSqliteStore({ dataDir: newDirectory() });

modelSuite(openSqlite, { sequences: 2_000 });
