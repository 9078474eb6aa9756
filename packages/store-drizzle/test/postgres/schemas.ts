import { randomUUID } from 'node:crypto';
import type { LogStore, Store } from '@tasked/core';
import postgres from 'postgres';
import { inject, onTestFinished } from 'vitest';
import { openPostgresLogStore, openPostgresStore } from '../../src/postgres/index.ts';

const schemas = new WeakMap<object, string>();

/** The name of a schema that nobody has used. */
export function newSchema(): string {
  return `t_${randomUUID().replaceAll('-', '')}`;
}

/** Schemas of tests that have passed: nobody has them open any more. */
const left: string[] = [];

/**
 * A schema without data, for the current test alone: if it can be, one that another test has left. To empty one
 * costs the server a tenth of making one, which is most of what a short test costs.
 */
export async function emptySchema(): Promise<string> {
  const used = left.pop();
  if (used !== undefined) await empty(used);
  const schema = used ?? newSchema();
  onTestFinished(({ task }) => {
    if (task.result?.state !== 'fail') left.push(schema);
  });
  return schema;
}

let connection: postgres.Sql | undefined;

/** Removes all rows but the version, in whatever order. */
async function empty(schema: string): Promise<void> {
  connection ??= postgres(inject('postgresUrl'), {
    max: 1,
    idle_timeout: 1,
    connection: { session_replication_role: 'replica' },
  });
  const sql = connection;
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables
    where schemaname = ${schema} and tablename <> 'schema_version'`;
  const deletes = tables.map(({ name }) => `delete from "${schema}"."${name}";`);
  await sql.unsafe(deletes.join(' '));
}

/** Opens a store in a schema of the tests' database. */
export async function openIn(schema: string): Promise<Store> {
  const store = await openPostgresStore({ url: inject('postgresUrl'), schema });
  schemas.set(store, schema);
  return store;
}

/** Opens the logs in a schema of the tests' database, for the current test. */
export async function openLogsIn(schema: string): Promise<LogStore> {
  const logs = await openPostgresLogStore({ url: inject('postgresUrl'), schema });
  onTestFinished(() => logs.close());
  schemas.set(logs, schema);
  return logs;
}

/** The schema of what one of these opened. */
export function schemaOf(store: object): string {
  return schemas.get(store) as string;
}
