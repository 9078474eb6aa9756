export type { DatabaseAddress, PostgresClient } from './database-address.ts';
export { openPostgresStore, type PostgresStoreOptions } from './open-postgres-store.ts';
