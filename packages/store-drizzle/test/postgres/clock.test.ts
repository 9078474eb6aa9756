import { expect, inject, it, onTestFinished, vi } from 'vitest';
import { openPostgresStore } from '../../src/postgres/index.ts';
import { newSchema } from './schemas.ts';

const MINUTE = 60_000;

it('the clock of a store is the server’s, not that of the process', async () => {
  const trueNow = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => trueNow() + 10 * MINUTE);
  onTestFinished(() => void vi.restoreAllMocks());
  const store = await openPostgresStore({ url: inject('postgresUrl'), schema: newSchema() });
  onTestFinished(() => store.close());
  expect(Math.abs(store.clock.now() - trueNow())).toBeLessThan(5_000);
});
