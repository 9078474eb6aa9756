import { resolve } from 'node:path';
import type { Clock, Logger, LogStore, Store } from '@tasked/core';
import { systemClock } from '@tasked/dag-engine';
import type { Place } from './place.ts';

/** What is kept in a {@link Place}. */
export interface Storage {
  readonly store: Store;
  readonly logs: LogStore;
  /** What all who work on it agree on. */
  readonly clock: Clock;
  /** Writes what is left and lets go of it. */
  close(): Promise<void>;
}

/** Opens a place, and loads only the store that it takes. */
export async function openStorage(place: Place, logger: Logger): Promise<Storage> {
  switch (place.kind) {
    case 'memory': {
      const { MemoryLogStore, MemoryStore } = await import('@tasked/store-memory');
      const store = new MemoryStore();
      const close = () => store.close();
      return { store, logs: new MemoryLogStore(), clock: systemClock, close };
    }
    case 'sqlite': {
      const { FileLogStore, openSqliteStore } = await import('@tasked/store-drizzle/sqlite');
      const dataDir = resolve(place.dataDir);
      const store = await openSqliteStore({ dataDir, logger });
      const logs = new FileLogStore({ dataDir, logger });
      return {
        store,
        logs,
        clock: systemClock,
        async close() {
          logs.close();
          await store.close();
        },
      };
    }
    case 'postgres': {
      const { openPostgresLogStore, openPostgresStore } = await import(
        '@tasked/store-drizzle/postgres'
      );
      const { url } = place;
      const store = await openPostgresStore({ url, logger });
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
    }
  }
}
