import { resolve } from 'node:path';
import type { Logger, LogStore, Store } from '@tasked/core';
import type { Place } from './place.ts';

/** What is kept in a {@link Place}. */
export interface Storage {
  readonly store: Store;
  readonly logs: LogStore;
}

/** Opens a place, and loads only the store that it takes. */
export async function openStorage(place: Place, logger: Logger): Promise<Storage> {
  switch (place.kind) {
    case 'memory': {
      const { MemoryLogStore, MemoryStore } = await import('@tasked/store-memory');
      return { store: new MemoryStore(), logs: new MemoryLogStore() };
    }
    case 'sqlite': {
      const { FileLogStore, openSqliteStore } = await import('@tasked/store-drizzle/sqlite');
      const dataDir = resolve(place.dataDir);
      const store = await openSqliteStore({ dataDir, logger });
      return { store, logs: new FileLogStore({ dataDir, logger }) };
    }
    case 'postgres': {
      const { openPostgresStore } = await import('@tasked/store-drizzle/postgres');
      const { FileLogStore } = await import('@tasked/store-drizzle/sqlite');
      const store = await openPostgresStore({ url: place.url, logger });
      return { store, logs: new FileLogStore({ dataDir: resolve(place.dataDir), logger }) };
    }
  }
}
