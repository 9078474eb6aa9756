import { cpus, release, totalmem } from 'node:os';
import Database from 'better-sqlite3';

/** What the figures were measured on. */
export function machine(): string {
  const db = new Database(':memory:');
  const sqlite = String(db.prepare('select sqlite_version()').pluck().get());
  db.close();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Node ${process.versions.node}, SQLite ${sqlite}, ${cpus().length} cores, ${memory} GiB, Linux ${release()}`;
}
