import { setTimeout as sleep } from 'node:timers/promises';
import type { NewFlow, RunnerId, Store } from '@tasked/core';
import { newFlow, newQueue, newRunner, newTask, newTasks, succeeded } from '@tasked/store-testkit';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/postgres/index.ts';
import { StoreProcess } from '../processes/store-process.ts';
import { newSchema } from './schemas.ts';

const MINUTE = 60_000;
/** Long enough that a busy machine keeps no heart from beating, which would be as dead. */
const LEASE_MS = 3_000;
const QUEUE = newQueue({ name: 'default' });

describe('several processes on one schema', () => {
  it('may all open an empty database at the same moment', { timeout: MINUTE }, async () => {
    const processes = await Promise.all(Array.from({ length: 4 }, () => StoreProcess.start()));
    for (let round = 0; round < 3; round++) {
      const place = { url: inject('postgresUrl'), schema: newSchema() };
      await Promise.all(processes.map((process) => process.call('open', place)));
      const queues = processes.map((process) => process.call('ensureQueue', QUEUE));
      for (const queue of await Promise.all(queues)) expect(queue.name).toBe('default');
    }
  });

  it('run every task once, and none of them starves', { timeout: 3 * MINUTE }, async () => {
    const { store, place } = await openStore();
    const flows = Array.from({ length: 12 }, () => fanOut(200));
    for (const flow of flows) await store.createFlow(flow);
    const flowIds = flows.map(({ id }) => id);
    const processes = await Promise.all([1, 2, 3].map(() => StoreProcess.start(place)));
    const runs = await Promise.all(processes.map((process) => saturate(process, flowIds)));
    const claimed = runs.flatMap((run) => run.claimed.map((ref) => `${ref.flowId}/${ref.taskId}`));
    const tasks = flows.length * 202;
    expect(claimed).toHaveLength(tasks);
    expect(new Set(claimed).size).toBe(tasks);
    for (const run of runs) {
      expect(run.rejected).toBe(0);
      expect(run.claimed.length).toBeGreaterThan(tasks / 20);
    }
    for (const id of flowIds) expect((await store.getFlow(id, ''))?.state).toBe('succeeded');
  });

  it('run one hot flow together', { timeout: 3 * MINUTE }, async () => {
    const { store, place } = await openStore();
    const flow = fanOut(1_000);
    await store.createFlow(flow);
    const processes = await Promise.all([1, 2, 3].map(() => StoreProcess.start(place)));
    const runs = await Promise.all(processes.map((process) => saturate(process, [flow.id])));
    const claimed = runs.flatMap((run) => run.claimed.map(({ taskId }) => taskId));
    expect(new Set(claimed).size).toBe(1_002);
    expect(claimed).toHaveLength(1_002);
  });

  it('never take more slots of a queue than it has', { timeout: MINUTE }, async () => {
    const { store, place } = await openStore();
    await store.ensureQueue(newQueue({ name: 'narrow', concurrency: 3 }));
    for (let count = 0; count < 10; count++) {
      await store.createFlow(newFlow({ queue: 'narrow', tasks: newTasks('t', 50) }));
    }
    const processes = await Promise.all([1, 2, 3].map(() => StoreProcess.start(place)));
    const hands = await Promise.all(processes.map((process) => claimIn(process)));
    expect(hands.flat()).toHaveLength(3);
    expect((await store.getQueue('narrow'))?.running).toBe(3);
  });

  it('hear of what another one commits', { timeout: MINUTE }, async () => {
    const { store, place } = await openStore();
    const process = await StoreProcess.start(place);
    await process.call('listen');
    for (let count = 0; count < 3; count++) {
      const next = process.nextHint();
      await store.createFlow(newFlow());
      await next;
    }
  });
});

describe('a process that is killed', () => {
  it('frees its runner within moments, and another takes over', { timeout: MINUTE }, async () => {
    const { store, place } = await openStore();
    await store.createFlow(newFlow({ tasks: newTasks('t', 4) }));
    const heir = newRunner();
    await store.registerRunner(heir);
    const process = await StoreProcess.start(place);
    const dead = newRunner();
    await process.call('registerRunner', dead);
    const claim = { limit: 3, executors: ['noop'] };
    await process.call('advance', { runnerId: dead.id, now: 1, settle: [], claim });
    expect(await store.lostRunners(heir.id)).toEqual([]);
    await process.kill();
    await untilLost(store, heir.id, dead.id, 10_000);
    const taken = await store.takeOver({ dead: dead.id, by: heir.id, limit: 10, now: 2 });
    expect(taken.map(({ ref }) => [ref.taskId, ref.fence])).toEqual([
      ['t0', 2],
      ['t1', 2],
      ['t2', 2],
    ]);
    expect(await store.lostRunners(heir.id)).toEqual([]);
    const settle = taken.map(({ ref }) => succeeded(ref));
    const tick = await store.advance({ runnerId: heir.id, now: 3, settle, claim: null });
    expect(tick).toMatchObject({ runner: 'ok', rejected: [] });
  });

  it('is taken over by one of many that try', { timeout: MINUTE }, async () => {
    const { store, place } = await openStore();
    await store.createFlow(newFlow({ tasks: newTasks('t', 20) }));
    const victim = await StoreProcess.start(place);
    const heirs = await Promise.all([1, 2, 3].map(() => StoreProcess.start(place)));
    const runners = heirs.map(() => newRunner());
    await Promise.all(
      heirs.map((heir, index) => heir.call('registerRunner', runnerAt(runners, index))),
    );
    const dead = newRunner();
    await victim.call('registerRunner', dead);
    const claim = { limit: 20, executors: ['noop'] };
    await victim.call('advance', { runnerId: dead.id, now: 1, settle: [], claim });
    await victim.kill();
    const taken = await Promise.all(
      heirs.map((heir, index) => {
        const by = runnerAt(runners, index).id;
        return heir.call('takeOver', { dead: dead.id, by, limit: 20, now: 2 });
      }),
    );
    const ids = taken.flat().map(({ ref }) => ref.taskId);
    expect(ids.sort()).toEqual(
      newTasks('t', 20)
        .map(({ id }) => id)
        .sort(),
    );
  });
});

describe('a process that is frozen', () => {
  it('is lost once its lease is over, and not before; it learns so', {
    timeout: MINUTE,
  }, async () => {
    const { store, place } = await openStore({ leaseMs: LEASE_MS });
    await store.createFlow(newFlow({ tasks: newTasks('t', 1) }));
    const heir = newRunner();
    await store.registerRunner(heir);
    const process = await StoreProcess.start(place);
    const frozen = newRunner();
    await process.call('registerRunner', frozen);
    const claim = { limit: 1, executors: ['noop'] };
    const tick = { runnerId: frozen.id, now: 1, settle: [], claim };
    await process.call('advance', tick);
    const watchedUntil = performance.now() + 2 * LEASE_MS;
    while (performance.now() < watchedUntil) {
      expect(await store.lostRunners(heir.id)).toEqual([]);
      await sleep(100);
    }
    process.signal('SIGSTOP');
    await untilLost(store, heir.id, frozen.id, 10 * LEASE_MS);
    const taken = await store.takeOver({ dead: frozen.id, by: heir.id, limit: 10, now: 2 });
    expect(taken).toHaveLength(1);
    process.signal('SIGCONT');
    expect(await process.call('advance', tick)).toEqual({ runner: 'lost' });
    const again = newRunner();
    await process.call('registerRunner', again);
    expect(await store.lostRunners(heir.id)).toEqual([]);
  });
});

async function openStore({ leaseMs }: { readonly leaseMs?: number } = {}) {
  const place = { url: inject('postgresUrl'), schema: newSchema(), ...(leaseMs && { leaseMs }) };
  const store = await openPostgresStore(place);
  onTestFinished(() => store.close());
  await store.ensureQueue(QUEUE);
  return { store, place };
}

/** 1 → `width` → 1. */
function fanOut(width: number): NewFlow {
  const leaves = newTasks('leaf', width).map((leaf) => ({ ...leaf, dependsOn: ['root'] }));
  const join = newTask('join', { dependsOn: leaves.map(({ id }) => id) });
  return newFlow({ tasks: [newTask('root'), ...leaves, join] });
}

async function saturate(process: StoreProcess, flowIds: readonly string[]) {
  const runner = newRunner();
  await process.call('registerRunner', runner);
  return process.call('saturate', runner.id, flowIds);
}

async function claimIn(process: StoreProcess): Promise<readonly string[]> {
  const runner = newRunner();
  await process.call('registerRunner', runner);
  const claim = { limit: 10, executors: ['noop'] };
  const result = await process.call('advance', { runnerId: runner.id, now: 1, settle: [], claim });
  return result.runner === 'ok' ? result.claimed.map(({ ref }) => ref.taskId) : [];
}

function runnerAt(runners: readonly ReturnType<typeof newRunner>[], index: number) {
  return runners[index] as ReturnType<typeof newRunner>;
}

/** The death of a real process shows when the server hears of it. */
async function untilLost(
  store: Store,
  observer: RunnerId,
  dead: RunnerId,
  withinMs: number,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await store.lostRunners(observer)).includes(dead)) {
    if (performance.now() > deadline) expect.fail(`${dead} is not lost after ${withinMs} ms`);
    await sleep(20);
  }
}
