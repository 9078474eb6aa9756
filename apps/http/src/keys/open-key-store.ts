import type { Storage } from '../settings.ts';
import type { KeyStore } from './key-store.ts';

/** Opens the keys where the flows are: in the database, or in the data directory. */
export async function openKeyStore({ dataDir, databaseUrl }: Storage): Promise<KeyStore> {
  if (databaseUrl === undefined) {
    const { FileKeyStore } = await import('./file-key-store.ts');
    return new FileKeyStore(dataDir);
  }
  const { PostgresKeyStore } = await import('./postgres-key-store.ts');
  return await PostgresKeyStore.open(databaseUrl);
}
