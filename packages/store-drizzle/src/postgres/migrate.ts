import { TaskedError } from '@tasked/core';
import type { Sql, TransactionSql } from 'postgres';
import { quoteName } from './database.ts';
import { lockClass } from './lock-class.ts';
import { readMigrations } from './migrations.ts';
import { explainPostgresError } from './postgres-error.ts';

/**
 * Brings a schema to this version. Of many processes that do so at once, one migrates and the others find it
 * done. Throws `invalid_input` for a schema that is not ours or from a newer version, and leaves it untouched.
 */
export async function migrate(sql: Sql, schema: string): Promise<void> {
  const migrations = readMigrations();
  try {
    if ((await versionOf(sql, schema, migrations.length)) === migrations.length) return;
    await sql.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(${lockClass('migrations', schema)}::int, 0)`;
      const version = await versionOf(transaction, schema, migrations.length);
      if (version === migrations.length) return;
      if (!(await exists(transaction, schema))) {
        await transaction.unsafe(`create schema ${quoteName(schema)}`);
      }
      await transaction.unsafe(`set local search_path to ${quoteName(schema)}`);
      for (const migration of migrations.slice(version)) {
        await transaction.unsafe(migration.replaceAll('@', `${quoteName(schema)}.`));
      }
      await transaction.unsafe('delete from schema_version');
      await transaction`insert into schema_version values (${migrations.length}::int)`;
    });
  } catch (error) {
    throw explainPostgresError(error);
  }
}

/** How many migrations the schema has seen; throws when it is not ours, or from a newer version. */
async function versionOf(
  sql: Sql | TransactionSql,
  schema: string,
  newest: number,
): Promise<number> {
  const table = `${quoteName(schema)}.schema_version`;
  const [found] = await sql<{ ours: boolean; used: boolean }[]>`
    select to_regclass(${table}) is not null as ours,
      exists (select 1 from pg_class where relnamespace = to_regnamespace(${quoteName(schema)})) as used`;
  if (!found?.ours) {
    if (!found?.used) return 0;
    throw new TaskedError(
      'invalid_input',
      `the schema ${schema} holds tables of another program: choose another schema`,
    );
  }
  const [row] = await sql.unsafe<{ version: number }[]>(`select version from ${table}`);
  const version = row?.version ?? 0;
  if (version <= newest) return version;
  throw newerVersion(schema, version, newest);
}

/** What is said of a schema that has seen more migrations than this version knows. */
export function newerVersion(schema: string, version: number, newest: number): TaskedError {
  return new TaskedError(
    'invalid_input',
    `the schema ${schema} was written by a newer version of Tasked (version ${version}, this one ` +
      `knows ${newest}): upgrade Tasked, or choose another schema`,
  );
}

async function exists(sql: TransactionSql, schema: string): Promise<boolean> {
  const found = await sql`select 1 from pg_namespace where nspname = ${schema}`;
  return found.length > 0;
}
