import { MemoryStore } from '@tasked/store-memory';
import { agreementSuite } from '@tasked/store-testkit/model';
import { openSqliteStore } from '../src/sqlite/index.ts';
import { asOne } from './as-one.ts';
import { newDirectory } from './data-directories.ts';
import { newSchema, openIn } from './postgres/schemas.ts';

/*
 * The same histories in every store, and in stores of which three are open on the same data: what one of them
 * remembers must never differ from what another has committed.
 */
agreementSuite(
  [
    async () => new MemoryStore(),
    () => openSqliteStore({ dataDir: newDirectory() }),
    () => openIn(newSchema()),
    () => three(newDirectory(), (dataDir) => openSqliteStore({ dataDir })),
    () => three(newSchema(), openIn),
  ],
  { sequences: 60 },
);

async function three(place: string, open: (place: string) => ReturnType<typeof openIn>) {
  return asOne([await open(place), await open(place), await open(place)]);
}
