import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { taskStoreContract } from '@tasked/store-testkit';
import { tasksSuite } from '@tasked/store-testkit/model';
import { afterAll, expect, it } from 'vitest';
import { PlainFileTaskStore } from '../src/plain-file-task-store.ts';

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

it('has fewer than 120 lines', () => {
  const file = new URL('../src/plain-file-task-store.ts', import.meta.url);
  expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThanOrEqual(120);
});

it('the demo completes a task through two stores on one directory', () => {
  const demo = fileURLToPath(new URL('../src/demo.ts', import.meta.url));
  const options = ['--conditions=@tasked/source', '--disable-warning=ExperimentalWarning'];
  const printed = execFileSync(process.execPath, [...options, demo], { encoding: 'utf8' });
  expect(printed).toMatch(/^completed .*painted blue/);
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
