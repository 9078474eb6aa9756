import { type Clock, type LogStore, type Store, systemClock } from '@tasked/core';
import { openPostgresLogStore, openPostgresStore } from '@tasked/store-drizzle/postgres';
import { FileLogStore, openSqliteStore } from '@tasked/store-drizzle/sqlite';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';

/** Where runs are kept, and whose time counts there. */
export interface Storage {
  readonly store: Store;
  readonly logs: LogStore;
  readonly clock: Clock;
}

/** Gone with the process. */
export async function memory(): Promise<Storage> {
  return { store: new MemoryStore(), logs: new MemoryLogStore(), clock: systemClock };
}

/** A directory, for the processes of one machine. */
export async function sqlite(dataDir: string): Promise<Storage> {
  const store = await openSqliteStore({ dataDir });
  return { store, logs: new FileLogStore({ dataDir }), clock: systemClock };
}

/** A database, for any number of machines. */
export async function postgres(url: string): Promise<Storage> {
  const store = await openPostgresStore({ url });
  return { store, logs: await openPostgresLogStore({ url }), clock: store.clock };
}
