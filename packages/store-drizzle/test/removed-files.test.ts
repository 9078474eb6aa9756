import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '@tasked/core';
import { newFlow, newQueue, newRunner } from '@tasked/store-testkit';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../src/sqlite/index.ts';
import { newDirectory } from './data-directories.ts';

const GONE = {
  code: 'unavailable',
  message: expect.stringMatching(/tasked\.sqlite was removed or replaced/),
};

it('nothing is acknowledged that would go into a file which was removed', async () => {
  const { store, dataDir } = await open();
  rmSync(dataDir, { recursive: true });
  await expect(store.createFlow(newFlow())).rejects.toMatchObject(GONE);
});

it('nor when another file has taken its place', async () => {
  const { store, dataDir } = await open();
  renameSync(dataDir, `${dataDir}-moved`);
  await open(dataDir);
  await expect(store.createFlow(newFlow())).rejects.toMatchObject(GONE);
});

it('a runner can register when the directory of lock files was removed', async () => {
  const { store, dataDir } = await open();
  rmSync(join(dataDir, 'runners'), { recursive: true });
  const runner = newRunner();
  await store.registerRunner(runner);
  expect(await store.lostRunners(newRunner().id)).toEqual([]);
  expect((await store.listRunners()).map(({ id }) => id)).toEqual([runner.id]);
});

async function open(
  dataDir = join(newDirectory(), 'data'),
): Promise<{ readonly store: Store; readonly dataDir: string }> {
  const store = await openSqliteStore({ dataDir });
  onTestFinished(() => store.close());
  await store.ensureQueue(newQueue({ name: newFlow().queue }));
  return { store, dataDir };
}
