export type { DatabaseAddress, PostgresClient } from './database-address.ts';
export { inspectPostgresStore, type PostgresInspection } from './inspect-postgres-store.ts';
export {
  type OpenPostgresLogStore,
  openPostgresLogStore,
  type PostgresLogStoreOptions,
} from './logs/open-postgres-log-store.ts';
export {
  type OpenPostgresStore,
  openPostgresStore,
  type PostgresStoreOptions,
} from './open-postgres-store.ts';
