export type { DatabaseAddress, PostgresClient } from './database-address.ts';
export {
  type OpenPostgresStore,
  openPostgresStore,
  type PostgresStoreOptions,
} from './open-postgres-store.ts';
