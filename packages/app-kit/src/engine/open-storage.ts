import { resolve } from 'node:path';
import { type Clock, type Logger, type LogStore, type Store, systemClock } from '@tasked/core';
import type { Place, PostgresPlace } from './place.ts';

/** What is kept in a {@link Place}. */
export interface Storage {
  readonly store: Store;
  readonly logs: LogStore;
  /** The clock that everybody who works there follows. */
  readonly clock: Clock;
  /** Writes what is left and lets go of the place. */
  close(): Promise<void>;
}

/** Opens a place, and loads only the store that it takes. */
export async function openStorage(place: Place, logger: Logger): Promise<Storage> {
  switch (place.kind) {
    case 'memory': {
      const { MemoryLogStore, MemoryStore } = await import('@tasked/store-memory');
      const [store, logs] = [new MemoryStore(), new MemoryLogStore()];
      return { store, logs, clock: systemClock, close: () => store.close() };
    }
    case 'sqlite':
      return await openSqlite(resolve(place.dataDir), logger);
    case 'postgres':
      return await openPostgres(place, logger);
  }
}

async function openSqlite(dataDir: string, logger: Logger): Promise<Storage> {
  const { FileLogStore, openSqliteStore } = await import('@tasked/store-drizzle/sqlite');
  const store = await openSqliteStore({ dataDir, logger });
  const logs = new FileLogStore({ dataDir, logger });
  return {
    store,
    logs,
    clock: systemClock,
    async close() {
      await logs.flush();
      await store.close();
    },
  };
}

async function openPostgres({ url, sessionUrl }: PostgresPlace, logger: Logger): Promise<Storage> {
  const { openPostgresLogStore, openPostgresStore } = await import(
    '@tasked/store-drizzle/postgres'
  );
  const store = await openPostgresStore({
    url,
    logger,
    ...(sessionUrl === undefined ? {} : { sessionUrl }),
  });
  try {
    const logs = await openPostgresLogStore({ url, logger });
    return {
      store,
      logs,
      clock: store.clock,
      async close() {
        await logs.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
