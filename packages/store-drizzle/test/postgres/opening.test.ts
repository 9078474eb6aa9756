import { readFileSync } from 'node:fs';
import type { Store } from '@tasked/core';
import { newQueue } from '@tasked/store-testkit';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import postgres from 'postgres';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/postgres/index.ts';
import { readMigrations } from '../../src/postgres/migrations.ts';
import * as schemaTables from '../../src/postgres/schema.ts';
import { newSchema } from './schemas.ts';

const META = new URL('../../migrations/postgres/meta/', import.meta.url);

it('the migrations lead to the schema: nothing is left to generate', async () => {
  const { entries } = readJson('_journal.json');
  const newest = String(entries.length - 1).padStart(4, '0');
  const snapshot = readJson(`${newest}_snapshot.json`);
  const current = generateDrizzleJson({ ...schemaTables }, snapshot.id);
  expect(await generateMigration(snapshot, current)).toEqual([]);
  expect(readMigrations()).toHaveLength(entries.length);
});

it('opens with a client of postgres.js, which stays open and as it was', async () => {
  const sql = connect();
  const store = await openPostgresStore({ sql, schema: newSchema() });
  await store.ensureQueue(newQueue({ name: 'default' }));
  await store.close();
  expect(await sql`select 1 as one`).toMatchObject([{ one: 1 }]);
});

it('takes a schema whose name needs quotes', async () => {
  const store = await open(`${newSchema()} "Ü`);
  await store.ensureQueue(newQueue({ name: 'default' }));
  expect((await store.getQueue('default'))?.name).toBe('default');
});

it('keeps schemas of one database apart', async () => {
  const [one, other] = [await open(newSchema()), await open(newSchema())];
  await one.ensureQueue(newQueue({ name: 'default' }));
  expect(await other.getQueue('default')).toBeNull();
});

it('refuses a schema from a newer version and leaves it as it was', async () => {
  const schema = newSchema();
  await (await openPostgresStore({ url: inject('postgresUrl'), schema })).close();
  const sql = connect();
  await sql`update ${sql(schema)}.schema_version set version = version + 1`;
  await expect(open(schema)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('newer version'),
  });
});

it('refuses a schema of another program and leaves it as it was', async () => {
  const schema = newSchema();
  const sql = connect();
  await sql`create schema ${sql(schema)}`;
  await sql`create table ${sql(schema)}.theirs (x int)`;
  await expect(open(schema)).rejects.toMatchObject({ code: 'invalid_input' });
  const tables = await sql`select tablename from pg_tables where schemaname = ${schema}`;
  expect(tables).toMatchObject([{ tablename: 'theirs' }]);
});

it('uses an empty schema that somebody made for it', async () => {
  const schema = newSchema();
  const sql = connect();
  await sql`create schema ${sql(schema)}`;
  const store = await open(schema);
  expect(await store.listRunners()).toEqual([]);
});

it('says that a server is not there', async () => {
  const opening = openPostgresStore({ url: 'postgres://nobody@127.0.0.1:1/none' });
  await expect(opening).rejects.toMatchObject({ code: 'unavailable' });
});

async function open(schema: string): Promise<Store> {
  const store = await openPostgresStore({ url: inject('postgresUrl'), schema });
  onTestFinished(() => store.close());
  return store;
}

function connect() {
  const sql = postgres(inject('postgresUrl'), { onnotice: () => {} });
  onTestFinished(() => sql.end());
  return sql;
}

function readJson(name: string) {
  return JSON.parse(readFileSync(new URL(name, META), 'utf8'));
}
