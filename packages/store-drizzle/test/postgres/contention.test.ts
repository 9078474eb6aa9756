import type { RunnerId, Store } from '@tasked/core';
import { newFlow, newQueue, newRunner, newTask, newTasks, succeeded } from '@tasked/store-testkit';
import postgres from 'postgres';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/postgres/index.ts';
import { channelOf } from '../../src/postgres/session.ts';
import { newSchema } from './schemas.ts';

const CLAIM = { limit: 50, executors: ['noop'] };

it('of many commits in a row others are notified a few times, and of all flows', async () => {
  const { store, schema } = await setUp();
  const sql = connect();
  const told = new Set<string>();
  let notifications = 0;
  const last = newFlow();
  const heard = Promise.withResolvers<void>();
  await sql.listen(channelOf(schema), (payload) => {
    notifications += 1;
    for (const [flowId] of JSON.parse(payload)[1]) told.add(flowId);
    if (told.has(last.id)) heard.resolve();
  });
  const flows = [...Array.from({ length: 200 }, () => newFlow()), last];
  const startedAt = performance.now();
  for (const flow of flows) await store.createFlow(flow);
  const tookMs = performance.now() - startedAt;
  await heard.promise;
  expect(told).toEqual(new Set(flows.map(({ id }) => id)));
  expect(notifications).toBeLessThanOrEqual(2 + tookMs / 5);
  expect(notifications).toBeLessThan(flows.length);
});

it('a deadlock is undone by the server and done again by the store', async () => {
  const { store, runner, schema } = await setUp();
  const second = newRunner();
  await store.registerRunner(second);
  await store.createFlow(newFlow({ tasks: newTasks('t', 2) }));
  await store.advance({ ...tickOf(second.id), claim: CLAIM });
  const sql = connect();
  const before = await deadlocks(sql);
  const taken = await sql.begin(async (rival) => {
    await rival`set local deadlock_timeout = '1h'`;
    await rival`select 1 from ${rival(schema)}.runner where id = ${second.id} for update`;
    const taking = store.takeOver({ dead: second.id, by: runner, limit: 10, now: 2 });
    // It has locked the first runner and waits for the second; the rival wants them the other way round.
    await untilSomebodyWaitsFor(rival);
    await rival`select 1 from ${rival(schema)}.runner where id = ${runner} for update`;
    return { taking };
  });
  expect(await taken.taking).toHaveLength(2);
  expect(await deadlocks(sql)).toBeGreaterThan(before);
});

it('who finds all flows in the hands of others looks no further, wherever its round began', async () => {
  const { store, runner, schema } = await setUp();
  const sql = connect();
  await store.createFlow(newFlow({ tasks: [newTask('ours')] }));
  const [ours] = await claimAll(store, runner);
  if (ours === undefined) throw new Error('nothing was claimed');
  // Turns of 16 tasks of which two fill a tick: the second round begins elsewhere than the first.
  const others = [8, 16, 16, 8].map((count) => newFlow({ tasks: newTasks('t', count) }));
  for (const flow of others) await store.createFlow(flow);
  await sql.begin(async (rival) => {
    const ids = others.map(({ id }) => id);
    await rival`select 1 from ${rival(schema)}.flow where id in ${rival(ids)} for update`;
    const claim = { ...CLAIM, limit: 32 };
    const settle = [succeeded(ours.ref)];
    const result = await store.advance({ ...tickOf(runner), settle, claim });
    expect(result).toMatchObject({ claimed: [], rejected: [], more: true });
  });
  expect(await claimAll(store, runner)).toHaveLength(48);
});

it('with 1,000 queues claims are exact, and look at no more lanes than those with ready work', async () => {
  const { store, runner, schema } = await setUp();
  const names = Array.from({ length: 1_000 }, (_, n) => `q${n}`);
  const busy = names.filter((_, n) => n % 10 === 0);
  await Promise.all(names.map((name) => store.ensureQueue(newQueue({ name, concurrency: 1 }))));
  await Promise.all(
    busy.map((queue) => store.createFlow(newFlow({ queue, tasks: newTasks('t', 2) }))),
  );
  for (let round = 0; round < 2; round++) {
    const claimed = await claimAll(store, runner);
    expect(claimed.map(({ queue }) => queue).sort()).toEqual([...busy].sort());
    const settle = claimed.map(({ ref }) => succeeded(ref));
    expect(await store.advance({ ...tickOf(runner), settle })).toMatchObject({ rejected: [] });
  }
  expect(await claimAll(store, runner)).toEqual([]);
  const few = names.slice(-3);
  await Promise.all(
    few.map((queue) => store.createFlow(newFlow({ queue, tasks: [newTask('a')] }))),
  );
  const alone = await setUp();
  for (const name of few) {
    await alone.store.ensureQueue(newQueue({ name, concurrency: 1 }));
    await alone.store.createFlow(newFlow({ queue: name, tasks: [newTask('a')] }));
  }
  expect(await looksOfOneClaim(schema)).toBe(await looksOfOneClaim(alone.schema));
});

it('a runner that finds its schema migrated by a newer version works on and registers no more', async () => {
  const { store, runner, schema } = await setUp();
  await store.createFlow(newFlow({ tasks: [newTask('a')] }));
  const sql = connect();
  await sql`update ${sql(schema)}.schema_version set version = version + 1`;
  const tick = await store.advance({ ...tickOf(runner), claim: CLAIM });
  expect(tick).toMatchObject({ runner: 'ok', claimed: [{ attempt: 1 }] });
  const error = { code: 'invalid_input', message: expect.stringContaining('newer version') };
  await expect(store.registerRunner(newRunner())).rejects.toMatchObject(error);
  expect(await store.listRunners()).toHaveLength(1);
});

it('a call whose function a newer version has replaced says so', async () => {
  const { store, runner, schema } = await setUp();
  const sql = connect();
  const [{ signature } = { signature: '' }] = await sql<{ signature: string }[]>`
    select p.oid::regprocedure::text as signature from pg_proc p
    where p.proname = 'advance' and p.pronamespace = ${`"${schema}"`}::regnamespace`;
  await sql.unsafe(`alter function ${signature} rename to advance_anew`);
  await expect(store.advance({ ...tickOf(runner), claim: CLAIM })).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('upgrade'),
  });
});

it('two stores keep the limit of a queue, whoever claims and settles', async () => {
  const { store, runner, schema } = await setUp();
  const other = await open(schema);
  const second = newRunner();
  await other.registerRunner(second);
  await store.ensureQueue(newQueue({ name: 'narrow', concurrency: 3 }));
  await store.createFlow(newFlow({ queue: 'narrow', tasks: newTasks('t', 60) }));
  let [running, done] = [0, 0];
  const work = async (at: Store, id: RunnerId) => {
    while (done < 60) {
      const result = await at.advance({ ...tickOf(id), claim: { ...CLAIM, limit: 2 } });
      const claimed = result.runner === 'ok' ? result.claimed : [];
      running += claimed.length;
      expect(running).toBeLessThanOrEqual(3);
      await at.listRunners();
      running -= claimed.length;
      done += claimed.length;
      await at.advance({ ...tickOf(id), settle: claimed.map(({ ref }) => succeeded(ref)) });
    }
  };
  await Promise.all([work(store, runner), work(other, second.id)]);
  expect((await store.getQueue('narrow'))?.running).toBe(0);
});

async function setUp() {
  const schema = newSchema();
  const store = await open(schema);
  await store.ensureQueue(newQueue({ name: 'default' }));
  const runner = newRunner();
  await store.registerRunner(runner);
  return { store, schema, runner: runner.id };
}

async function open(schema: string): Promise<Store> {
  const store = await openPostgresStore({ url: inject('postgresUrl'), schema });
  onTestFinished(() => store.close());
  return store;
}

function connect(): postgres.Sql {
  const sql = postgres(inject('postgresUrl'), { onnotice: () => {}, max: 2 });
  onTestFinished(() => sql.end());
  return sql;
}

function tickOf(runnerId: RunnerId) {
  return { runnerId, now: 1, settle: [], claim: null };
}

async function claimAll(store: Store, runner: RunnerId) {
  const claimed = [];
  for (;;) {
    const result = await store.advance({ ...tickOf(runner), claim: { ...CLAIM, limit: 1_000 } });
    if (result.runner === 'lost' || result.claimed.length === 0) return claimed;
    claimed.push(...result.claimed);
  }
}

/** How often a claim looks something up among the tasks, in one statement. */
async function looksOfOneClaim(schema: string): Promise<number> {
  const statements: { readonly text: string; readonly values: readonly unknown[] }[] = [];
  const debug = (_: number, text: string, values: readonly unknown[]) => {
    statements.push({ text, values: [...values] });
  };
  const sql = postgres(inject('postgresUrl'), { onnotice: () => {}, max: 1, debug });
  onTestFinished(() => sql.end());
  const store = await openPostgresStore({ sql, schema });
  onTestFinished(() => store.close());
  const runner = newRunner();
  await store.registerRunner(runner);
  statements.splice(0);
  await store.advance({ ...tickOf(runner.id), claim: { ...CLAIM, limit: 1 } });
  const ticks = statements.filter(({ text }) => text.includes('.advance('));
  expect(ticks).toHaveLength(1);
  const [tick = { text: '', values: [] }] = ticks;
  let looks = 0;
  await sql
    .begin(async (transaction) => {
      const before = await indexScans(transaction, schema);
      await transaction.unsafe(tick.text, tick.values as never[]);
      looks = (await indexScans(transaction, schema)) - before;
      throw new Error('undone');
    })
    .catch(() => null);
  return looks;
}

async function indexScans(sql: postgres.TransactionSql, schema: string): Promise<number> {
  const [row] = await sql<{ scans: number }[]>`
    select idx_scan::int as scans from pg_stat_xact_user_tables
    where schemaname = ${schema} and relname = 'flow_task'`;
  return row?.scans ?? 0;
}

async function deadlocks(sql: postgres.Sql): Promise<number> {
  await sql`select pg_stat_force_next_flush()`;
  const [row] = await sql<{ n: number }[]>`
    select deadlocks::int as n from pg_stat_database where datname = current_database()`;
  return row?.n ?? 0;
}

async function untilSomebodyWaitsFor(sql: postgres.TransactionSql): Promise<void> {
  for (;;) {
    const [row] = await sql<{ waits: boolean }[]>`
      select exists (
        select 1 from pg_stat_activity a where pg_backend_pid() = any(pg_blocking_pids(a.pid))
      ) as waits`;
    if (row?.waits === true) return;
  }
}
