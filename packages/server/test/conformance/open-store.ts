import type { Logger, Store } from '@tasked/core';

/** Where tasks and flows are kept. */
interface Place {
  readonly store: string;
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  readonly schema?: string | undefined;
}

/** Opens the store that was asked for by name. */
export async function openStore(
  { store, data, url, schema }: Place,
  logger: Logger,
): Promise<Store> {
  switch (store) {
    case 'memory': {
      const { MemoryStore } = await import('@tasked/store-memory');
      return new MemoryStore();
    }
    case 'sqlite': {
      const { openSqliteStore } = await import('@tasked/store-drizzle/sqlite');
      return await openSqliteStore({ dataDir: needed(data, '--data'), logger });
    }
    case 'postgres': {
      const { openPostgresStore } = await import('@tasked/store-drizzle/postgres');
      const place = { url: needed(url, '--url'), ...(schema !== undefined && { schema }) };
      return await openPostgresStore({ ...place, logger });
    }
    default:
      throw new Error(`--store is memory, sqlite or postgres, not ${store}`);
  }
}

function needed(value: string | undefined, option: string): string {
  if (value === undefined) throw new Error(`${option} is missing`);
  return value;
}
