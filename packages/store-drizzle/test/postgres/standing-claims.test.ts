import type { RunnerId, Store, TickResult } from '@tasked/core';
import { newFlow, newQueue, newRunner, newTask, newTasks, succeeded } from '@tasked/store-testkit';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/postgres/index.ts';
import { newSchema } from './schemas.ts';

const CLAIM = { limit: 10, executors: ['noop'], standing: true };

it('what a flow begins with runs from its creation on, and needs no other commit', async () => {
  const { store, other, runner } = await setUp();
  const flow = newFlow({ tasks: newTasks('t', 3) });
  await store.createFlow(flow);
  expect(await other.getFlow(flow.id, '')).toMatchObject({ rev: 2, counts: { running: 3 } });
  expect(await other.listRunners()).toMatchObject([{ id: runner, attempts: 3 }, { attempts: 0 }]);
  const claimed = claimedBy(await store.advance({ ...tickOf(runner), claim: CLAIM }));
  expect(claimed.map(({ taskId }) => taskId)).toEqual(['t0', 't1', 't2']);
  expect(await other.getFlow(flow.id, '')).toMatchObject({ rev: 2 });
});

it('flows that are created at the same time are all given, to the last free slot', async () => {
  const { store, other, runner, second } = await setUp();
  const flows = Array.from({ length: 14 }, () => newFlow({ tasks: [newTask('a')] }));
  await Promise.all(flows.map((flow) => store.createFlow(flow)));
  const own = claimedBy(await store.advance({ ...tickOf(runner), claim: CLAIM }));
  expect(own.length).toBeLessThanOrEqual(10);
  const settle = own.map((ref) => succeeded(ref));
  expect(await store.advance({ ...tickOf(runner), settle })).toMatchObject({ rejected: [] });
  const claim = { ...CLAIM, limit: 100 };
  const rest = claimedBy(await other.advance({ ...tickOf(second), claim }));
  expect(new Set([...own, ...rest].map(({ flowId }) => flowId)).size).toBe(14);
});

it('nothing is given to a runner that others have taken over', async () => {
  const { store, other, runner, second } = await setUp();
  await other.unregisterRunner(runner);
  const flow = newFlow({ tasks: [newTask('a')] });
  await store.createFlow(flow);
  expect(await other.getFlow(flow.id, '')).toMatchObject({ rev: 1, counts: { ready: 1 } });
  expect(await store.advance({ ...tickOf(runner), claim: CLAIM })).toEqual({ runner: 'lost' });
  const taken = await other.advance({ ...tickOf(second), claim: CLAIM });
  expect(claimedBy(taken)).toHaveLength(1);
});

it('a flow whose creation fails leaves the slots free', async () => {
  const { store, runner } = await setUp();
  const lost = newFlow({ queue: 'nowhere', tasks: newTasks('t', 10) });
  await expect(store.createFlow(lost)).rejects.toMatchObject({ code: 'not_found' });
  const twice = newFlow({
    tasks: newTasks('t', 5),
    idempotency: { key: 'k', specHash: 'h' },
  });
  expect(await store.createFlow(twice)).toMatchObject({ kind: 'created' });
  expect(await store.createFlow({ ...twice, id: newFlow().id })).toMatchObject({
    kind: 'existing',
  });
  await store.createFlow(newFlow({ tasks: newTasks('u', 5) }));
  const claimed = claimedBy(await store.advance({ ...tickOf(runner), claim: CLAIM }));
  expect(claimed).toHaveLength(10);
});

/** A runner that has ticked and waits in one store, and one that has not in another. */
async function setUp() {
  const url = inject('postgresUrl');
  const schema = newSchema();
  const open = async () => {
    const store: Store = await openPostgresStore({ url, schema });
    onTestFinished(() => store.close());
    return store;
  };
  const [store, other] = [await open(), await open()];
  await store.ensureQueue(newQueue({ name: 'default' }));
  const [runner, second] = [newRunner({ registeredAt: 1 }), newRunner({ registeredAt: 2 })];
  await store.registerRunner(runner);
  await other.registerRunner(second);
  await store.advance({ ...tickOf(runner.id), claim: CLAIM });
  return { store, other, runner: runner.id, second: second.id };
}

function tickOf(runnerId: RunnerId) {
  return { runnerId, now: 1, settle: [], claim: null };
}

function claimedBy(result: TickResult) {
  return result.runner === 'ok' ? result.claimed.map(({ ref }) => ref) : [];
}
