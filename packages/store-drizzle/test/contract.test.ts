import type { Store } from '@tasked/core';
import { logStoreContract, storeContract } from '@tasked/store-testkit';
import { FileLogStore, openSqliteStore } from '../src/sqlite/index.ts';
import { newDirectory } from './data-directories.ts';

const directories = new WeakMap<object, string>();

storeContract({
  name: 'SqliteStore',
  open: () => openIn(newDirectory()),
  reopen: (closed) => openIn(directoryOf(closed)),
  openSecond: (open) => openIn(directoryOf(open)),
});

logStoreContract({
  name: 'FileLogStore',
  open: async () => openLogsIn(newDirectory()),
  openSecond: async (open) => openLogsIn(directoryOf(open)),
});

async function openIn(dataDir: string): Promise<Store> {
  const store = await openSqliteStore({ dataDir });
  directories.set(store, dataDir);
  return store;
}

function openLogsIn(dataDir: string): FileLogStore {
  const logs = new FileLogStore({ dataDir });
  directories.set(logs, dataDir);
  return logs;
}

function directoryOf(store: object): string {
  return directories.get(store) as string;
}
