import { type Check, fail, ok } from './check.ts';

/** Whether the native module that keeps the database can be loaded. */
export async function sqliteCheck(): Promise<Check> {
  try {
    const { default: BetterSqlite3 } = await import('better-sqlite3');
    const db = new BetterSqlite3(':memory:');
    const version = db.prepare('select sqlite_version()').pluck().get();
    db.close();
    return ok('sqlite', String(version));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    return fail(
      'sqlite',
      `better-sqlite3 cannot be loaded: ${reason}`,
      'install anew with this version of Node.js: npm install --global @tasked/stdio',
    );
  }
}
