import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@tasked/core';
import {
  newFlow,
  newQueue,
  newRunner,
  newTask,
  runStoreCase,
  STORE_CASES,
  type StoreSubject,
} from '@tasked/store-testkit';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { inspectPostgresStore, openPostgresStore } from '../../src/postgres/index.ts';
import { emptySchema, newSchema } from './schemas.ts';
import { type StartedPgbouncer, startPgbouncer } from './start-pgbouncer.ts';

let pgbouncer: StartedPgbouncer;

beforeAll(async () => {
  pgbouncer = await startPgbouncer(inject('postgresUrl'));
}, 60_000);

afterAll(() => pgbouncer?.stop());

const schemas = new WeakMap<Store, string>();

async function openIn(schema: string): Promise<Store> {
  const store = await openPostgresStore({ url: pgbouncer.url, schema });
  schemas.set(store, schema);
  return store;
}

/** What several connections and lost sessions have to do with; the rest is the same statements. */
const CONCERNS = [
  'create-flow',
  'settlements',
  'slots',
  'runners',
  'take-over',
  'closing',
  'sharing',
];

const subject: StoreSubject = {
  name: 'PostgresStore behind PgBouncer in transaction mode',
  open: async () => openIn(await emptySchema()),
  openSecond: (open) => openIn(schemas.get(open) as string),
};

describe.each(CONCERNS)(`${subject.name} keeps the store contract: %s`, (concern) => {
  it.each(STORE_CASES[concern] ?? [])('$id', (one) => runStoreCase(subject, one), 60_000);
});

describe('behind a PgBouncer in transaction mode', () => {
  it('a runner whose heart stands still for a lease is dead, one that beats is not', async () => {
    // Long enough that a busy machine keeps no heart from beating, which would be as dead.
    const leaseMs = 2_500;
    const place = { url: pgbouncer.url, schema: newSchema(), leaseMs };
    const [store, other] = [await open(place), await open({ ...place, leaseMs: 60_000 })];
    const [observer, silent] = [newRunner(), newRunner()];
    await store.registerRunner(observer);
    await other.registerRunner(silent);
    await until(async () => (await store.lostRunners(observer.id)).includes(silent.id));
    const beating = await open(place);
    const alive = newRunner();
    await beating.registerRunner(alive);
    const watchedUntil = performance.now() + 2 * leaseMs;
    while (performance.now() < watchedUntil) {
      expect(await store.lostRunners(observer.id)).toEqual([silent.id]);
      await sleep(100);
    }
  });

  it('a direct connection for the session makes deaths and hints known at once', async () => {
    const sessionUrl = inject('postgresUrl');
    const place = { url: pgbouncer.url, sessionUrl, schema: newSchema() };
    const [store, other] = [await open(place), await open(place)];
    await store.ensureQueue(newQueue({ name: 'default' }));
    const heard = Promise.withResolvers<void>();
    const flow = newFlow({ tasks: [newTask('a')] });
    other.subscribe((hint) => {
      if (hint.flows?.some(({ flowId }) => flowId === flow.id)) heard.resolve();
    });
    await store.createFlow(flow);
    await heard.promise;
  });

  it('of many calls at once all are answered, those with parameters and those without', async () => {
    const store = await open({ url: pgbouncer.url, schema: newSchema(), leaseMs: 5_000 });
    await store.ensureQueue(newQueue({ name: 'default' }));
    const runner = newRunner();
    await store.registerRunner(runner);
    const flow = newFlow({ tasks: [newTask('a')] });
    await store.createFlow(flow);
    const calls = Array.from({ length: 60 }, async () => {
      const asked = [store.listRunners(), store.getFlow(flow.id, flow.owner)] as const;
      const [runners, found] = await Promise.all([...asked, store.getQueue('default')]);
      return [runners.map(({ id }) => id), found?.id];
    });
    expect(await Promise.all(calls)).toEqual(calls.map(() => [[runner.id], flow.id]));
  });

  it('an inspection sees what can be seen through it, and that it is there', async () => {
    const place = { url: pgbouncer.url, schema: newSchema() };
    expect(await inspectPostgresStore(place)).toMatchObject({
      isSupported: true,
      hearsNotifications: false,
      connections: { perProcess: 0 },
      schema: { kind: 'none', mayCreate: true },
    });
    await open(place);
    const { schema } = await inspectPostgresStore(place);
    if (schema.kind !== 'ours') throw new Error('the schema is ours');
    expect(schema).toMatchObject({ version: schema.known, mayUse: true });
  });

  it('a session that goes through it too is refused', async () => {
    const opening = openPostgresStore({ url: pgbouncer.url, sessionUrl: pgbouncer.url });
    await expect(opening).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('sessionUrl'),
    });
  });
});

async function open(place: Parameters<typeof openPostgresStore>[0]): Promise<Store> {
  const store = await openPostgresStore(place);
  onTestFinished(() => store.close());
  return store;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}
