import { TaskedError } from '@tasked/core';
import type { Database } from 'better-sqlite3';
import { driver } from './driver.ts';
import { readMigrations } from './migrations.ts';
import { explainSqliteError } from './sqlite-error.ts';
import { Transactions } from './transactions.ts';

/** `tskd`: says in the file's header whose it is. */
export const APPLICATION_ID = 0x74736b64;

/** A data file that is open, migrated and ready, and how to run transactions on it. */
export interface OpenDatabase {
  readonly db: Database;
  readonly transactions: Transactions;
}

/**
 * Opens a data file and brings it to the schema of this version. Its commits survive a power cut. Of many
 * processes that open an empty file at once, one migrates and the others find it done. Throws
 * `invalid_input` for a file that is not ours or comes from a newer version, and leaves it untouched.
 */
export async function openDatabase(file: string): Promise<OpenDatabase> {
  const db = connect(file);
  try {
    const transactions = new Transactions(db);
    const migrations = readMigrations();
    const version = await transactions.read(() => versionOf(db, migrations.length));
    await transactions.patiently(() => {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
    });
    if (version < migrations.length) await transactions.write(() => migrate(db, migrations));
    return { db, transactions };
  } catch (error) {
    db.close();
    throw error;
  }
}

function connect(file: string): Database {
  const BetterSqlite3 = driver();
  try {
    return new BetterSqlite3(file, { timeout: 0 });
  } catch (error) {
    throw explainSqliteError(error, file);
  }
}

/** How many migrations the file has seen; throws when it is not ours, or from a newer version. */
function versionOf(db: Database, newest: number): number {
  const application = db.pragma('application_id', { simple: true });
  const version = db.pragma('user_version', { simple: true }) as number;
  const empty = db.prepare('select 1 from sqlite_schema').get() === undefined;
  if (application !== APPLICATION_ID && !empty) {
    throw new TaskedError(
      'invalid_input',
      `${db.name} is a database of another program: choose another data directory`,
    );
  }
  if (version > newest) {
    throw new TaskedError(
      'invalid_input',
      `${db.name} was written by a newer version of Tasked (schema ${version}, this version knows ` +
        `${newest}): upgrade Tasked, or choose another data directory`,
    );
  }
  return version;
}

function migrate(db: Database, migrations: readonly string[]): void {
  const version = versionOf(db, migrations.length);
  for (const migration of migrations.slice(version)) db.exec(migration);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.pragma(`user_version = ${migrations.length}`);
}
