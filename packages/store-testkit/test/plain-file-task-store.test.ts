import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { taskStoreContract } from '@tasked/store-testkit';
import { tasksSuite } from '@tasked/store-testkit/model';
import { afterAll, expect, it } from 'vitest';
import { PlainFileTaskStore } from './plain-file-task-store.ts';

const directories = new Map<object, string>();

const again = async (store: object) => openIn(directories.get(store) as string);

const plainFiles = {
  name: 'PlainFileTaskStore',
  open: async () => openIn(await mkdtemp(join(tmpdir(), 'tasked-plain-'))),
  reopen: again,
  openSecond: again,
};

taskStoreContract(plainFiles);
tasksSuite(plainFiles, { runs: 10 });

it('a store of plain files takes an afternoon: fewer than 120 lines of code', () => {
  const source = readFileSync(new URL('plain-file-task-store.ts', import.meta.url), 'utf8');
  const code = source.split('\n').filter((line) => !/^\s*(?:$|\/\/|\/?\*)/.test(line));
  expect(code.length).toBeLessThan(120);
});

afterAll(async () => {
  for (const directory of directories.values())
    await rm(directory, { recursive: true, force: true });
});

function openIn(directory: string): PlainFileTaskStore {
  const store = new PlainFileTaskStore(directory);
  directories.set(store, directory);
  return store;
}
