import postgres from 'postgres';
import { expect, inject, it, onTestFinished } from 'vitest';
import { inspectPostgresStore, openPostgresStore } from '../../src/postgres/index.ts';
import { newSchema } from './schemas.ts';

const url = () => inject('postgresUrl');

it('tells what a server is like, and leaves it as it was', async () => {
  const schema = newSchema();
  const found = await inspectPostgresStore({ url: url(), schema });
  expect(found).toMatchObject({
    version: expect.stringMatching(/^\d+/),
    isSupported: true,
    hearsNotifications: true,
    schema: { kind: 'none', mayCreate: true },
  });
  expect(Math.abs(found.clockAheadMs)).toBeLessThan(5_000);
  expect(found.connections.inUse).toBeLessThan(found.connections.max);
  const sql = admin();
  expect(await sql`select 1 from pg_namespace where nspname = ${schema}`).toEqual([]);
});

it('tells our schema, one of a newer version, and that of another program', async () => {
  const schema = newSchema();
  await (await openPostgresStore({ url: url(), schema })).close();
  const { schema: ours } = await inspectPostgresStore({ url: url(), schema });
  if (ours.kind !== 'ours') throw new Error('the schema is ours');
  expect(ours).toMatchObject({ version: ours.known, mayUse: true });
  const sql = admin();
  await sql`update ${sql(schema)}.schema_version set version = 999`;
  expect(await inspectPostgresStore({ url: url(), schema })).toMatchObject({
    schema: { kind: 'ours', version: 999 },
  });
  const theirs = newSchema();
  await sql`create schema ${sql(theirs)}`;
  await sql`create table ${sql(theirs)}.theirs (x int)`;
  expect(await inspectPostgresStore({ url: url(), schema: theirs })).toMatchObject({
    schema: { kind: 'foreign' },
  });
});

it('tells what a user may not do, and the store says it too', async () => {
  const sql = admin();
  const user = newSchema();
  const database = newSchema();
  await sql`create role ${sql(user)} login password 'secret'`;
  await sql`create database ${sql(database)}`;
  onTestFinished(async () => {
    await sql`drop database ${sql(database)} with (force)`;
    await sql`drop role ${sql(user)}`;
  });
  const theirs = new URL(url());
  theirs.pathname = database;
  const ours = new URL(theirs);
  ours.username = user;
  ours.password = 'secret';
  expect(await inspectPostgresStore({ url: ours.href })).toMatchObject({
    schema: { kind: 'none', mayCreate: false },
  });
  await expect(openPostgresStore({ url: ours.href })).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('grant create on database'),
  });
  await (await openPostgresStore({ url: theirs.href })).close();
  expect(await inspectPostgresStore({ url: ours.href })).toMatchObject({
    schema: { kind: 'ours', mayUse: false },
  });
});

function admin(): postgres.Sql {
  const sql = postgres(url(), { onnotice: () => {}, max: 1 });
  onTestFinished(() => sql.end());
  return sql;
}
