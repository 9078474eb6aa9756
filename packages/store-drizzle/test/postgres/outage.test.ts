import { setTimeout as sleep } from 'node:timers/promises';
import { type Flow, isTaskedError, type NewFlow, type Store } from '@tasked/core';
import { Runner } from '@tasked/dag-engine';
import { MemoryLogStore } from '@tasked/store-memory';
import { newFlow, newQueue, newTask, newTasks } from '@tasked/store-testkit';
import { type StartedPostgres, startPostgres } from '@tasked/test-postgres';
import postgres from 'postgres';
import { expect, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/postgres/index.ts';
import { CountingExecutor } from './counting-executor.ts';
import { newSchema } from './schemas.ts';

const RUNNERS = 3;

/** No call may keep its caller waiting for longer while the server is away. */
const LONGEST_CALL_MS = 3_000;

/** What is done to the server under load, and for how long it is away. */
const OUTAGES = [
  ['stopped in order', 10_000, (server) => server.halt('fast')],
  ['stopped as by a crash', 2_000, (server) => server.halt('immediate')],
] as const satisfies readonly (readonly [
  string,
  number,
  (server: StartedPostgres) => Promise<void>,
])[];

it.each(OUTAGES)(
  'a server that is %s under load for %d ms costs time, and nothing else',
  async (_, awayMs, halt) => {
    const { server, store, executor, schema } = await setUp();
    const load = new Load(store);
    await load.until(() => executor.runs.size >= 100);
    await halt(server);
    const refused = load.refused;
    await sleep(awayMs);
    expect(load.refused).toBeGreaterThan(refused);
    await server.resume();
    const resumedAt = executor.runs.size;
    await load.until(() => executor.runs.size >= resumedAt + 100);
    await load.end();
    await expectAllRanOnce({ store, executor, schema, url: server.url, flowIds: load.accepted });
    expect(load.wrongly).toEqual([]);
    expect(load.longestCallMs).toBeLessThan(LONGEST_CALL_MS);
  },
  90_000,
);

it('a server whose processes all ended at once, but not itself, has no runner taken for dead', async () => {
  const { server, store, executor, schema } = await setUp();
  const load = new Load(store);
  await load.until(() => executor.runs.size >= 100);
  await crashOneProcess(server.url);
  const observer = await openAsSoonAsPossible(server.url, schema);
  await load.until(() => executor.runs.size >= 200);
  expect(await observer.lostRunners('')).toEqual([]);
  await load.end();
  await expectAllRanOnce({ store, executor, schema, url: server.url, flowIds: load.accepted });
}, 120_000);

/** Submits flows one after the other for as long as it takes. */
class Load {
  readonly accepted: string[] = [];
  /** Calls that ended with anything but what they should. */
  readonly wrongly: unknown[] = [];
  refused = 0;
  longestCallMs = 0;
  readonly #store: Store;
  readonly #ended: Promise<void>;
  #ending = false;

  constructor(store: Store) {
    this.#store = store;
    this.#ended = this.#submitAll();
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await sleep(10);
  }

  async end(): Promise<void> {
    this.#ending = true;
    await this.#ended;
  }

  async #submitAll(): Promise<void> {
    while (!this.#ending) {
      const flow = newFlow({
        ...fanOut(),
        idempotency: { key: crypto.randomUUID(), specHash: 'x' },
      });
      while (!(await this.#submit(flow))) await sleep(50);
      this.accepted.push(flow.id);
      await sleep(20);
    }
  }

  async #submit(flow: NewFlow): Promise<boolean> {
    const calledAt = performance.now();
    try {
      await this.#store.createFlow(flow);
      return true;
    } catch (error) {
      this.refused += 1;
      if (!isTaskedError(error) || error.code !== 'unavailable') this.wrongly.push(error);
      return false;
    } finally {
      this.longestCallMs = Math.max(this.longestCallMs, performance.now() - calledAt);
    }
  }
}

/** 1 → 8 → 1. */
function fanOut(): NewFlow {
  const leaves = newTasks('leaf', 8).map((leaf) => ({ ...leaf, dependsOn: ['root'] }));
  const join = newTask('join', { dependsOn: leaves.map(({ id }) => id) });
  return newFlow({ tasks: [newTask('root'), ...leaves, join] });
}

async function setUp() {
  const server = await startPostgres(['max_connections=60']);
  onTestFinished(() => server.stop());
  const schema = newSchema();
  const store = await open(server.url, schema);
  await store.ensureQueue(newQueue({ name: 'default' }));
  const executor = new CountingExecutor();
  for (let count = 0; count < RUNNERS; count++) {
    const logs = new MemoryLogStore();
    const own = await open(server.url, schema);
    const runner = new Runner({
      store: own,
      logs,
      executors: [executor],
      slots: 20,
      clock: own.clock,
    });
    await runner.start();
    onTestFinished(() => runner.stop({ graceMs: 0 }));
  }
  return { server, store, executor, schema };
}

async function open(url: string, schema: string) {
  const store = await openPostgresStore({ url, schema });
  onTestFinished(() => store.close());
  return store;
}

async function openAsSoonAsPossible(url: string, schema: string): Promise<Store> {
  for (;;) {
    try {
      return await open(url, schema);
    } catch (error) {
      expect(error).toMatchObject({ code: 'unavailable' });
      await sleep(20);
    }
  }
}

async function expectAllRanOnce(at: {
  readonly store: Store;
  readonly executor: CountingExecutor;
  readonly schema: string;
  readonly url: string;
  readonly flowIds: readonly string[];
}): Promise<void> {
  for (const flowId of at.flowIds) {
    let flow = await flowOf(at.store, flowId);
    while (flow?.state === 'running') {
      await sleep(20);
      flow = await flowOf(at.store, flowId);
    }
    expect(flow?.state).toBe('succeeded');
  }
  expect([...at.executor.runs].filter(([, times]) => times !== 1)).toEqual([]);
  expect(at.executor.runs.size).toBe(at.flowIds.length * 10);
  const sql = postgres(at.url, { onnotice: () => {}, max: 1 });
  const [row] = await sql<{ lost: number; runners: number }[]>`
    select (select count(*)::int from ${sql(at.schema)}.attempt where attempt_end = 6) as lost,
      (select count(*)::int from ${sql(at.schema)}.runner) as runners`;
  await sql.end();
  expect(row).toEqual({ lost: 0, runners: RUNNERS });
}

/** The server ends all of its connections when one of its processes was killed, and goes on. */
/** A connection that was begun while the server was away may still be found out to lead nowhere. */
async function flowOf(store: Store, flowId: string): Promise<Flow | null> {
  for (;;) {
    try {
      return await store.getFlow(flowId, '');
    } catch (error) {
      expect(error).toMatchObject({ code: 'unavailable' });
    }
  }
}

async function crashOneProcess(url: string): Promise<void> {
  const sql = postgres(url, { max: 1 });
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  process.kill(row?.pid as number, 'SIGKILL');
  await sql.end({ timeout: 0 });
}
