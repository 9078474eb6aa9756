import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@tasked/core';
import { newFlow, newQueue, newRunner, newTask, succeeded } from '@tasked/store-testkit';
import postgres from 'postgres';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/postgres/index.ts';
import { lockClass } from '../../src/postgres/lock-class.ts';
import { newSchema } from './schemas.ts';

it('a store whose connection was cut holds its runner again, and hears hints again', async () => {
  const schema = newSchema();
  const [store, other] = [await open(schema), await open(schema)];
  const [runner, observer] = [newRunner(), newRunner()];
  await store.registerRunner(runner);
  await other.registerRunner(observer);
  await other.ensureQueue(newQueue({ name: 'default' }));
  await other.createFlow(newFlow({ tasks: [newTask('a')] }));
  const claim = { limit: 1, executors: ['noop'] };
  const tick = { runnerId: runner.id, now: 1, settle: [], claim };
  const result = await store.advance(tick);
  if (result.runner === 'lost') throw new Error('the runner is lost');

  const [holder] = await holders(schema);
  await admin()`select pg_terminate_backend(${holder as number}::int)`;
  await until(async () => {
    const found = await holders(schema);
    return found.length === 2 && !found.includes(holder as number);
  });

  expect(await other.lostRunners(observer.id)).toEqual([]);
  const heard = Promise.withResolvers<void>();
  store.subscribe((hint) => {
    if (hint.flows?.some(({ flowId }) => flowId === second.id)) heard.resolve();
  });
  const second = newFlow();
  await other.createFlow(second);
  await heard.promise;
  const settle = result.claimed.map(({ ref }) => succeeded(ref));
  expect(await store.advance({ ...tick, claim: null, settle })).toMatchObject({ rejected: [] });
});

it('heartbeats are written', async () => {
  const schema = newSchema();
  const store = await openPostgresStore({ url: inject('postgresUrl'), schema, leaseMs: 60 });
  onTestFinished(() => store.close());
  await store.registerRunner(newRunner());
  const sql = admin();
  await until(async () => {
    const [row] = await sql<{ beat: string }[]>`select beat from ${sql(schema)}.runner`;
    return Number(row?.beat) >= 3;
  });
});

async function open(schema: string): Promise<Store> {
  const store = await openPostgresStore({ url: inject('postgresUrl'), schema });
  onTestFinished(() => store.close());
  return store;
}

/** The server processes that hold locks of runners of the schema, by the runners' age. */
async function holders(schema: string): Promise<readonly number[]> {
  const rows = await admin()<{ pid: number }[]>`
    select pid from pg_locks where locktype = 'advisory' and granted
      and classid = ${lockClass('runner', schema)}::bigint::oid order by objid`;
  return rows.map(({ pid }) => pid);
}

let client: postgres.Sql | undefined;

function admin(): postgres.Sql {
  if (client === undefined) {
    client = postgres(inject('postgresUrl'), { onnotice: () => {}, max: 1, idle_timeout: 1 });
  }
  return client;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}
