import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { inject, onTestFinished } from 'vitest';

/** The URL of a database of its own for the current test; dropped after it. */
export async function newDatabase(): Promise<string> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const sql = postgres(inject('postgresUrl'), { onnotice: () => {}, max: 1 });
  await sql`create database ${sql(name)}`;
  onTestFinished(async () => {
    await sql`drop database ${sql(name)} with (force)`;
    await sql.end();
  });
  const url = new URL(inject('postgresUrl'));
  url.pathname = name;
  return url.href;
}

/** A client of a database for the current test. */
export function clientOf(url: string): postgres.Sql {
  const sql = postgres(url, { onnotice: () => {}, max: 2 });
  onTestFinished(() => sql.end());
  return sql;
}
