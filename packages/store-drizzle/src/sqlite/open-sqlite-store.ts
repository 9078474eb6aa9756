import type { Logger, Store } from '@tasked/core';
import { prepareDataDirectory } from './data-directory.ts';
import { openDatabase } from './database.ts';
import { driver } from './driver.ts';
import { RunnerLocks } from './runner-locks.ts';
import { SqliteStore } from './sqlite-store.ts';

/** Where a store keeps its data. */
export interface SqliteStoreOptions {
  /** Created if it is missing. */
  readonly dataDir: string;
  /** Hears of hints that could not be given; omitted: nobody does. */
  readonly logger?: Logger;
}

/**
 * Opens the store in `dataDir/tasked.sqlite`; any number of processes of one machine may have it open.
 * Throws `invalid_input` when that is no directory, no database, not ours or from a newer version, and
 * `unavailable` when it cannot be read or written, is full or stays locked, and `unsupported` when
 * better-sqlite3 is not installed. Nothing foreign is changed.
 */
export async function openSqliteStore({ dataDir, logger }: SqliteStoreOptions): Promise<Store> {
  driver();
  const directory = prepareDataDirectory(dataDir);
  const database = await openDatabase(directory.database);
  return new SqliteStore({ ...database, locks: new RunnerLocks(directory.runners), logger });
}
