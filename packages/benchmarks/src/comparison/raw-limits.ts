import type { Figure, Round } from '../figure.ts';
import { rawSqlite } from '../sqlite/raw-sqlite.ts';
import { rawPostgres } from './raw-postgres.ts';

/** What the drivers alone can do: claim and complete single rows. */
export const RAW_FIGURES = {
  postgres1: { title: 'postgres.js, one connection, 1 a commit', unit: '/s' },
  postgres20: { title: 'postgres.js, one connection, 20 a commit', unit: '/s' },
  postgres100: { title: 'postgres.js, one connection, 100 a commit', unit: '/s' },
  postgres500: { title: 'postgres.js, one connection, 500 a commit', unit: '/s' },
  sqliteCommit: { title: 'better-sqlite3: one FULL commit', unit: 'ms' },
  sqlite20: { title: 'better-sqlite3, FULL, 20 a commit', unit: '/s' },
  sqlite100: { title: 'better-sqlite3, FULL, 100 a commit', unit: '/s' },
  sqlite500: { title: 'better-sqlite3, FULL, 500 a commit', unit: '/s' },
} as const satisfies Record<string, Figure>;

/** Key of one of {@link RAW_FIGURES}. */
export type RawFigureName = keyof typeof RAW_FIGURES;

/** One round on a database of PostgreSQL and a file of SQLite. */
export async function rawRound(postgresUrl: string): Promise<Round<RawFigureName>> {
  const sqlite20 = rawSqlite(20);
  return {
    postgres1: await rawPostgres(postgresUrl, 1),
    postgres20: await rawPostgres(postgresUrl, 20),
    postgres100: await rawPostgres(postgresUrl, 100),
    postgres500: await rawPostgres(postgresUrl, 500),
    sqliteCommit: sqlite20.commitMs,
    sqlite20: sqlite20.claimAndCompletePerSecond,
    sqlite100: rawSqlite(100).claimAndCompletePerSecond,
    sqlite500: rawSqlite(500).claimAndCompletePerSecond,
  };
}
