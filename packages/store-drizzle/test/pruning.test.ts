import { performance } from 'node:perf_hooks';
import type { NewFlow, Store } from '@tasked/core';
import { asking, newFlow, newQueue, newRunner, newTasks, succeeded } from '@tasked/store-testkit';
import BetterSqlite3 from 'better-sqlite3';
import postgres from 'postgres';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../src/sqlite/index.ts';
import { newDirectory } from './data-directories.ts';
import { newSchema, openIn } from './postgres/schemas.ts';

/** What holds a flow, and how many rows it has. */
const TABLES = [
  'flow',
  'flow_task',
  'flow_task_spec',
  'output',
  'attempt',
  'input',
  'saved',
  'pruned_flow',
] as const;

type Counts = Readonly<Record<(typeof TABLES)[number], number>>;

/** A store, and a look at its tables from outside. */
interface Opened {
  readonly store: Store;
  readonly count: () => Promise<Counts>;
}

const OPEN: Readonly<Record<string, () => Promise<Opened>>> = {
  SQLite: async () => {
    const dataDir = newDirectory();
    const store = await openSqliteStore({ dataDir });
    const db = new BetterSqlite3(`${dataDir}/tasked.sqlite`, { readonly: true });
    onTestFinished(async () => {
      db.close();
      await store.close();
    });
    const rows = (table: string) => db.prepare(`select count(*) from ${table}`).pluck().get();
    const count = async () => Object.fromEntries(TABLES.map((table) => [table, rows(table)]));
    return { store, count: count as Opened['count'] };
  },
  PostgreSQL: async () => {
    const schema = newSchema();
    const store = await openIn(schema);
    const sql = postgres(inject('postgresUrl'), { onnotice: () => {}, max: 1 });
    onTestFinished(async () => {
      await sql.end();
      await store.close();
    });
    const parts = TABLES.map(
      (table) => `(select count(*)::int from "${schema}".${table}) ${table}`,
    );
    const count = async () => (await sql.unsafe<[Counts]>(`select ${parts.join()}`))[0];
    return { store, count };
  },
};

describe.each(Object.entries(OPEN))('pruning in %s', (_, open) => {
  it('leaves no row of what it forgot, and deletes no more than its limit at once', async () => {
    const { store, count } = await open();
    await run(store, newFlow({ tasks: newTasks('t', 450) }));
    for (let flows = 0; flows < 30; flows++) await run(store, newFlow({ tasks: newTasks('t', 3) }));
    const kept = newFlow();
    await store.createFlow(kept);
    let before = await count();
    expect(before).toMatchObject({
      flow: 32,
      flow_task: 541,
      output: 540,
      attempt: 540,
      input: 540,
      saved: 31,
    });
    for (let more = true; more; ) {
      ({ more } = await store.pruneFlows({ now: 10, retentionMs: 0, limit: 100 }));
      const after = await count();
      const gone = before.flow_task - after.flow_task + before.attempt - after.attempt;
      expect(gone).toBeLessThanOrEqual(100);
      expect(before.flow - after.flow).toBeLessThanOrEqual(100);
      before = after;
    }
    expect(await count()).toEqual({
      flow: 1,
      flow_task: 1,
      flow_task_spec: 1,
      output: 0,
      attempt: 0,
      input: 0,
      saved: 0,
      pruned_flow: 0,
    });
  });

  it('goes on with what another process has begun', async () => {
    const { store, count } = await open();
    const flow = newFlow({ tasks: newTasks('t', 50) });
    await run(store, flow);
    const prune = { now: 10, retentionMs: 0, limit: 20 };
    expect(await store.pruneFlows(prune)).toEqual({ flowIds: [flow.id], more: true });
    expect(await count()).toMatchObject({ flow: 0, flow_task: 50, pruned_flow: 1 });
    // With a retention that would have kept it.
    const later = { ...prune, retentionMs: 1_000_000 };
    const named: string[] = [];
    for (let more = true; more; ) {
      const pruned = await store.pruneFlows(later);
      named.push(...pruned.flowIds);
      ({ more } = pruned);
    }
    expect(new Set(named)).toEqual(new Set([flow.id]));
    expect(await count()).toMatchObject({ flow_task: 0, output: 0, attempt: 0, pruned_flow: 0 });
  });
});

it('a step of pruning SQLite is as short with large outputs, and with 10,000 tasks', async () => {
  const { store, count } = await (OPEN.SQLite as () => Promise<Opened>)();
  await run(store, newFlow({ tasks: newTasks('large', 40) }), 'x'.repeat(1_000_000));
  const longest = await longestStep(store);
  const large = newFlow({ tasks: newTasks('t', 10_000), createdAt: 0 });
  await store.createFlow(large);
  await store.cancelFlow({ flowId: large.id, owner: '', now: 1 });
  const longestOfMany = await longestStep(store);
  console.info(
    `longest step: ${longest} ms with outputs of 1 MB, ${longestOfMany} ms with 10,000 tasks`,
  );
  expect(await count()).toMatchObject({ flow: 0, flow_task: 0, pruned_flow: 0 });
  // Far more than it takes, far less than what a stalled event loop would be.
  expect(Math.max(longest, longestOfMany)).toBeLessThan(500);
});

it('pruning PostgreSQL never looks through a table', async () => {
  const schema = newSchema();
  const store = await openIn(schema);
  const sql = postgres(inject('postgresUrl'), { onnotice: () => {}, max: 1 });
  onTestFinished(async () => {
    await sql.end();
    await store.close();
  });
  for (let flows = 0; flows < 20; flows++) await run(store, newFlow({ tasks: newTasks('t', 20) }));
  const scans = async () => {
    await sql`select pg_stat_force_next_flush()`;
    const rows = await sql<{ relname: string; seq_scan: number }[]>`
      select relname, seq_scan::int from pg_stat_user_tables where schemaname = ${schema}`;
    return Object.fromEntries(rows.map(({ relname, seq_scan }) => [relname, seq_scan]));
  };
  const before = await scans();
  for (let more = true; more; ) {
    const rows = await sql`select * from ${sql(schema)}.prune_flows(10, 0, 50)`;
    more = rows.at(-1)?.more;
  }
  const after = await scans();
  expect(Object.keys(after)).toEqual(expect.arrayContaining([...TABLES]));
  for (const table of TABLES) expect(after[table], table).toBe(before[table]);
});

/** Runs a flow to its end, every task twice: first it asks what nobody answers. */
/** Too long to be stored in the row of a task. */
const LONG = 'out'.repeat(100);

async function run(store: Store, flow: NewFlow, output = LONG): Promise<void> {
  await store.ensureQueue(newQueue({ name: flow.queue }));
  await store.createFlow(flow);
  const runner = newRunner();
  await store.registerRunner(runner);
  const advance = async (settle: Parameters<Store['advance']>[0]['settle'], limit: number) => {
    const claim = { limit, executors: ['noop'] };
    const result = await store.advance({ runnerId: runner.id, now: 1, settle, claim });
    if (result.runner === 'lost') throw new Error('the runner is lost');
    return result.claimed.map(({ ref }) => ref);
  };
  const first = await advance([], flow.tasks.length);
  if (first[0] !== undefined) await store.report(first[0], { saved: output });
  const second = await advance(
    first.map((ref) => asking(ref, { name: { message: 'Who?' } }, 1)),
    flow.tasks.length,
  );
  await advance(
    second.map((ref) => succeeded(ref, output)),
    0,
  );
  await store.unregisterRunner(runner.id);
}

async function longestStep(store: Store): Promise<number> {
  let longest = 0;
  for (let more = true; more; ) {
    const start = performance.now();
    ({ more } = await store.pruneFlows({ now: 10, retentionMs: 0, limit: 200 }));
    longest = Math.max(longest, Math.ceil(performance.now() - start));
  }
  return longest;
}
