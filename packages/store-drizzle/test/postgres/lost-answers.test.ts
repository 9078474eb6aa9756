import type { Hint, RunnerId, Store, TickResult } from '@tasked/core';
import { newFlow, newQueue, newRunner, newTask, newTasks, succeeded } from '@tasked/store-testkit';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/postgres/index.ts';
import { CuttingProxy } from './cutting-proxy.ts';
import { newSchema } from './schemas.ts';

const CLAIM = { limit: 1, executors: ['noop'] };
const UNAVAILABLE = { code: 'unavailable' };

describe('a tick whose answer was lost', () => {
  it('has settled once, and what it claimed is claimed again', async () => {
    const { store, proxy, runner, flowId } = await setUp(newTasks('t', 2));
    const [first] = claimedBy(await store.advance({ ...tickOf(runner), claim: CLAIM }));
    const settle = [succeeded(first as never, 'out')];
    const tick = { ...tickOf(runner), settle, claim: CLAIM };
    const spoilt = proxy.spoil(runner, 'cut answer');
    await expect(store.advance(tick)).rejects.toMatchObject(UNAVAILABLE);
    await spoilt;
    const again = await store.advance(tick);
    expect(again).toMatchObject({
      rejected: [first],
      claimed: [{ ref: { flowId, taskId: 't1', fence: 2 }, attempt: 1 }],
    });
    const rest = claimedBy(again).map((ref) => succeeded(ref));
    expect(await store.advance({ ...tickOf(runner), settle: rest })).toMatchObject({
      rejected: [],
    });
    expect(await store.getFlow(flowId, '')).toMatchObject({ state: 'succeeded' });
  });

  it('has done nothing when it did not arrive, and can be repeated', async () => {
    const { store, proxy, runner } = await setUp(newTasks('t', 2));
    const [first] = claimedBy(await store.advance({ ...tickOf(runner), claim: CLAIM }));
    const tick = { ...tickOf(runner), settle: [succeeded(first as never)], claim: CLAIM };
    const spoilt = proxy.spoil(runner, 'cut before');
    await expect(store.advance(tick)).rejects.toMatchObject(UNAVAILABLE);
    await spoilt;
    expect(await store.advance(tick)).toMatchObject({
      rejected: [],
      claimed: [{ ref: { taskId: 't1', fence: 1 } }],
    });
  });

  it('is unavailable after the time for an answer when nothing comes back at all', async () => {
    const { store, proxy, runner } = await setUp(newTasks('t', 1));
    const tick = { ...tickOf(runner), claim: CLAIM };
    const spoilt = proxy.spoil(runner, 'silence');
    await expect(store.advance(tick)).rejects.toMatchObject(UNAVAILABLE);
    await spoilt;
    expect(await store.advance(tick)).toMatchObject({ claimed: [{ ref: { fence: 2 } }] });
  });
});

describe('a take-over whose answer was lost', () => {
  it('is offered again, and brings each attempt once', async () => {
    const { store, proxy, runner: heir } = await setUp(newTasks('t', 5));
    const dead = newRunner();
    await store.registerRunner(dead);
    const claimed = claimedBy(
      await store.advance({ ...tickOf(dead.id), claim: { ...CLAIM, limit: 5 } }),
    );
    await store.unregisterRunner(dead.id);
    const take = { dead: dead.id, by: heir, limit: 2, now: 2 };
    const known = await store.takeOver(take);
    const spoilt = proxy.spoil(heir, 'cut answer');
    await expect(store.takeOver(take)).rejects.toMatchObject(UNAVAILABLE);
    await spoilt;
    const taken = [...known];
    while ((await store.lostRunners(heir)).includes(dead.id)) {
      taken.push(...(await store.takeOver(take)));
    }
    expect(taken.map(({ ref, lostFence }) => [ref.taskId, ref.fence, lostFence]).sort()).toEqual(
      claimed.map(({ taskId }) => [taskId, 2, 1]),
    );
    const settle = taken.map(({ ref }) => succeeded(ref));
    expect(await store.advance({ ...tickOf(heir), settle })).toMatchObject({ rejected: [] });
    expect(await store.takeOver(take)).toEqual([]);
  });

  it('is offered again when it took all that there was', async () => {
    const { store, proxy, runner: heir } = await setUp(newTasks('t', 3));
    const dead = newRunner();
    await store.registerRunner(dead);
    await store.advance({ ...tickOf(dead.id), claim: { ...CLAIM, limit: 3 } });
    await store.unregisterRunner(dead.id);
    const take = { dead: dead.id, by: heir, limit: 10, now: 2 };
    const spoilt = proxy.spoil(heir, 'cut answer');
    await expect(store.takeOver(take)).rejects.toMatchObject(UNAVAILABLE);
    await spoilt;
    expect(await store.lostRunners(heir)).toEqual([dead.id]);
    expect(await store.takeOver(take)).toHaveLength(3);
    expect(await store.lostRunners(heir)).toEqual([]);
  });
});

it('others hear of what was committed without an answer', async () => {
  const { store, other, proxy } = await setUp(newTasks('t', 1));
  const flow = newFlow({ tasks: [newTask('a')] });
  const heard = Promise.withResolvers<Hint>();
  const spoilt = proxy.spoil(flow.id, 'cut answer');
  const creating = store.createFlow(flow);
  await spoilt;
  other.subscribe(heard.resolve);
  await expect(creating).rejects.toMatchObject(UNAVAILABLE);
  expect(await heard.promise).toEqual({ by: null, flows: null });
  expect(await other.getFlow(flow.id, '')).not.toBeNull();
});

it('what the creation of a flow gave to a runner without an answer is claimed again', async () => {
  const { store, other, proxy, runner } = await setUp([]);
  const standing = { ...CLAIM, standing: true };
  await store.advance({ ...tickOf(runner), claim: standing });
  const flow = newFlow({ tasks: [newTask('a')] });
  const spoilt = proxy.spoil(flow.id, 'cut answer');
  await expect(store.createFlow(flow)).rejects.toMatchObject(UNAVAILABLE);
  await spoilt;
  expect(await other.getFlow(flow.id, '')).toMatchObject({ counts: { running: 1 } });
  const again = await store.advance({ ...tickOf(runner), claim: standing });
  expect(again).toMatchObject({
    claimed: [{ ref: { flowId: flow.id, taskId: 'a', fence: 2 }, attempt: 1 }],
  });
});

/** A store whose calls can be spoilt, with a runner and a flow; its session cannot. */
async function setUp(tasks: ReturnType<typeof newTasks>) {
  const sessionUrl = inject('postgresUrl');
  const proxy = await CuttingProxy.start(sessionUrl);
  onTestFinished(() => proxy.stop());
  const schema = newSchema();
  const store = await openPostgresStore({ url: proxy.url, sessionUrl, schema, leaseMs: 4_000 });
  onTestFinished(() => store.close());
  const other: Store = await openPostgresStore({ url: sessionUrl, schema });
  onTestFinished(() => other.close());
  await other.ensureQueue(newQueue({ name: 'default' }));
  const runner = newRunner();
  await store.registerRunner(runner);
  const flow = newFlow({ tasks });
  await other.createFlow(flow);
  return { store, other, proxy, runner: runner.id, flowId: flow.id };
}

function tickOf(runnerId: RunnerId) {
  return { runnerId, now: 1, settle: [], claim: null };
}

function claimedBy(result: TickResult) {
  return result.runner === 'ok' ? result.claimed.map(({ ref }) => ref) : [];
}
