export {
  type InspectedRunner,
  inspectSqliteStore,
  type SqliteInspection,
} from './inspect-sqlite-store.ts';
export { FileLogStore, type FileLogStoreOptions } from './logs/file-log-store.ts';
export { openSqliteStore, type SqliteStoreOptions } from './open-sqlite-store.ts';
