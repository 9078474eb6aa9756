import { Janitor, type Sweep } from '@tasked/core';
import { newFlow, newQueue, newTasks } from '@tasked/store-testkit';
import { expect, it } from 'vitest';
import { flowSweep } from '../src/flow-sweep.ts';
import { Engine, task } from './engine.ts';

const RETENTION_MS = 600_000;

function sweepOf(engine: Engine, signal?: AbortSignal): Sweep {
  const { store, logs, clock } = engine;
  return flowSweep({ store, logs, clock, retentionMs: RETENTION_MS, ...(signal && { signal }) });
}

it('a flow goes with its logs once its time is over, and what runs stays', async () => {
  const engine = new Engine({
    a: (attempt) => {
      attempt.log('stdout', 'said');
      return { kind: 'succeeded', output: 1 };
    },
    live: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
  });
  const { flow } = await engine.runToEnd({ tasks: [task('a')] });
  const live = await engine.submit({ tasks: [task('live')] });
  await engine.isIn(live, 'live', 'running');
  const janitor = new Janitor({ sweeps: [sweepOf(engine)], clock: engine.clock });
  janitor.start();
  await engine.clock.advance(RETENTION_MS - 1);
  expect((await engine.flows.get(flow.id, '')).state).toBe('succeeded');
  await engine.clock.advance(1);
  await expect(engine.flows.get(flow.id, '')).rejects.toMatchObject({ code: 'not_found' });
  const said = { offset: 0, limit: 10 };
  expect(await engine.logs.read({ flowId: flow.id, taskId: 'a' }, 'stdout', said)).toBeNull();
  expect((await engine.flows.get(live, '')).state).toBe('running');
  await janitor.stop();
  await engine.runner.stop({ graceMs: 0 });
});

it('many flows go in many steps with pauses between, and each is counted once', async () => {
  const engine = new Engine();
  await fill(engine, 1_000);
  const limits: number[] = [];
  const { store } = engine;
  const counting = {
    pruneFlows: (prune: Parameters<typeof store.pruneFlows>[0]) => {
      limits.push(prune.limit);
      return store.pruneFlows(prune);
    },
  };
  const { logs, clock } = engine;
  const sweeping = flowSweep({ store: counting, logs, clock, retentionMs: 0 }).sweep(clock.now());
  await clock.advance(0);
  expect(limits).toEqual([200]);
  await clock.advance(10_000);
  expect(await sweeping).toBe(1_000);
  expect(limits).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await store.listFlows({ owner: '', limit: 1 })).toEqual([]);
});

it('logs of a flow that a dead process forgot are deleted by whoever forgets what it left', async () => {
  const engine = new Engine();
  const deleted: string[] = [];
  const answers = [
    { flowIds: ['left', 'new'], more: true },
    { flowIds: ['new'], more: false },
  ];
  const sweep = flowSweep({
    store: { pruneFlows: async () => answers.shift() ?? { flowIds: [], more: false } },
    logs: { deleteLogs: async (flowIds) => void deleted.push(...flowIds) },
    clock: engine.clock,
    retentionMs: 0,
  });
  const sweeping = sweep.sweep(0);
  await engine.clock.advance(1_000);
  expect(await sweeping).toBe(2);
  expect(deleted).toEqual(['left', 'new']);
});

it('a sweep that is told to stop ends after the step that it is at', async () => {
  const engine = new Engine();
  await fill(engine, 500);
  const stopping = new AbortController();
  const sweeping = sweepOf(engine, stopping.signal).sweep(engine.clock.now() + 2 * RETENTION_MS);
  stopping.abort();
  await engine.clock.advance(1_000);
  expect(await sweeping).toBe(200);
  expect(await engine.store.listFlows({ owner: '', limit: 1_000 })).toHaveLength(300);
});

/** Flows that have ended now. */
async function fill({ store, clock }: Engine, flows: number): Promise<void> {
  await store.ensureQueue(newQueue({ name: 'default' }));
  const now = clock.now();
  for (let count = 0; count < flows; count++) {
    const flow = newFlow({ createdAt: now, tasks: newTasks('t', 2) });
    await store.createFlow(flow);
    await store.cancelFlow({ flowId: flow.id, owner: '', now });
  }
}
