import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Runner } from '@tasked/core';
import { hasCode } from './data-directory.ts';
import { APPLICATION_ID } from './database.ts';
import { driver } from './driver.ts';
import { readMigrations } from './migrations.ts';
import { RunnerLocks } from './runner-locks.ts';
import { Runners } from './runners.ts';
import { Transactions } from './transactions.ts';

/** What a data directory holds, for whoever looks for trouble. */
export interface SqliteInspection {
  /** The path of the database, be it there or not. */
  readonly file: string;
  /**
   * `none`: no database yet. `foreign`: a database of another program. `unreadable`: no database, or one
   * that cannot be read. `ours`: with how many steps of the schema it has seen, and how many this version knows.
   */
  readonly database:
    | { readonly kind: 'none' | 'foreign' }
    | { readonly kind: 'unreadable'; readonly reason: string }
    | { readonly kind: 'ours'; readonly schema: number; readonly known: number };
  /** Who registered and did not leave; empty while no process has the database open. */
  readonly runners: readonly InspectedRunner[];
}

/** A registered process. What a dead one holds is taken over by the next process that runs tasks. */
export interface InspectedRunner extends Runner {
  readonly isAlive: boolean;
}

/**
 * Looks at a data directory and changes nothing in it: creates, moves and writes no file but the shared index
 * (`-shm`) of a database that is open or was left open by a crash. Rejects when the directory cannot be read,
 * with `unsupported` when better-sqlite3 is not installed.
 */
export async function inspectSqliteStore({
  dataDir,
}: {
  readonly dataDir: string;
}): Promise<SqliteInspection> {
  driver();
  const directory = realpathSync(dataDir);
  const file = join(directory, 'tasked.sqlite');
  try {
    if (!existsSync(file)) return { file, database: { kind: 'none' }, runners: [] };
    // Without these SQLite would make them; and then nobody has the file open, and it is complete.
    if (existsSync(`${file}-wal`) && existsSync(`${file}-shm`))
      return await readOpen(file, directory);
    return { file, database: readHeader(file), runners: [] };
  } catch (error) {
    return { file, database: { kind: 'unreadable', reason: reasonOf(error) }, runners: [] };
  }
}

type Found = SqliteInspection['database'];

async function readOpen(file: string, directory: string): Promise<SqliteInspection> {
  const BetterSqlite3 = driver();
  const db = new BetterSqlite3(file, { readonly: true, fileMustExist: true, timeout: 0 });
  try {
    return await new Transactions(db).read(() => {
      const application = db.pragma('application_id', { simple: true }) as number;
      const schema = db.pragma('user_version', { simple: true }) as number;
      const database = databaseOf(application, schema);
      const isReadable = database.kind === 'ours' && database.schema === database.known;
      const locks = new RunnerLocks(join(directory, 'runners'));
      const rows = isReadable ? new Runners(db).list() : [];
      const runners = rows.map((row) => ({ ...row, isAlive: !locks.isDead(row.id) }));
      return { file, database, runners };
    });
  } finally {
    db.close();
  }
}

/** Where SQLite's file format keeps what says whose a database is (sqlite.org/fileformat.html). */
const HEADER = { bytes: 100, magic: 'SQLite format 3\0', userVersion: 60, applicationId: 68 };

function readHeader(file: string): Found {
  const header = Buffer.alloc(HEADER.bytes);
  const descriptor = openSync(file, 'r');
  try {
    const read = readSync(descriptor, header, 0, HEADER.bytes, 0);
    if (read === 0) return { kind: 'none' };
  } finally {
    closeSync(descriptor);
  }
  if (header.toString('latin1', 0, HEADER.magic.length) !== HEADER.magic) {
    return { kind: 'unreadable', reason: 'is not a database' };
  }
  return databaseOf(
    header.readUInt32BE(HEADER.applicationId),
    header.readUInt32BE(HEADER.userVersion),
  );
}

function databaseOf(application: number, schema: number): Found {
  if (application !== APPLICATION_ID) return { kind: 'foreign' };
  return { kind: 'ours', schema, known: readMigrations().length };
}

function reasonOf(error: unknown): string {
  if (hasCode(error, 'EACCES') || hasCode(error, 'EPERM')) return 'may not be read by this user';
  if (hasCode(error, 'SQLITE_NOTADB')) return 'is not a database';
  return error instanceof Error ? error.message : String(error);
}
