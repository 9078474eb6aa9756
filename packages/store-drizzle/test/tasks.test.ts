import type { Store } from '@tasked/core';
import { type TaskStoreSubject, taskStoreContract } from '@tasked/store-testkit';
import { tasksSuite } from '@tasked/store-testkit/model';
import { openSqliteStore } from '../src/sqlite/index.ts';
import { newDirectory } from './data-directories.ts';

const directories = new WeakMap<Store, string>();

const sqliteTasks: TaskStoreSubject<Store> = {
  name: 'SqliteStore',
  open: () => openIn(newDirectory()),
  close: (store) => store.close(),
  reopen: (closed) => openIn(directories.get(closed) as string),
  openSecond: (open) => openIn(directories.get(open) as string),
};

taskStoreContract(sqliteTasks);
tasksSuite(sqliteTasks, { runs: 100 });

async function openIn(dataDir: string): Promise<Store> {
  const store = await openSqliteStore({ dataDir });
  directories.set(store, dataDir);
  return store;
}
