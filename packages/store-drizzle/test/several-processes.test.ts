import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NewFlow, Store } from '@tasked/core';
import { newFlow, newQueue, newRunner, newTask, newTasks, succeeded } from '@tasked/store-testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../src/sqlite/index.ts';
import { newDirectory } from './data-directories.ts';
import { StoreProcess } from './processes/store-process.ts';

const MINUTE = 60_000;
const QUEUE = newQueue({ name: 'default' });

describe('several processes on one data directory', () => {
  it('may all open an empty directory at the same moment', { timeout: MINUTE }, async () => {
    const root = newDirectory();
    const processes = await Promise.all(Array.from({ length: 5 }, () => StoreProcess.start()));
    for (let round = 0; round < 10; round++) {
      const dataDir = join(root, String(round));
      if (round % 2 === 1) mkdirSync(dataDir);
      await Promise.all(processes.map((process) => process.call('open', dataDir)));
      const queues = processes.map((process) => process.call('ensureQueue', QUEUE));
      for (const queue of await Promise.all(queues)) expect(queue.name).toBe('default');
    }
  });

  it('run every task once, and none of them starves', { timeout: 3 * MINUTE }, async () => {
    const { store, dataDir } = await openStore();
    const flows = Array.from({ length: 12 }, () => fanOut(500));
    for (const flow of flows) await store.createFlow(flow);
    const flowIds = flows.map(({ id }) => id);
    const processes = await Promise.all([1, 2, 3].map(() => StoreProcess.start(dataDir)));
    const runs = await Promise.all(processes.map((process) => saturate(process, flowIds)));
    const claimed = runs.flatMap((run) => run.claimed.map((ref) => `${ref.flowId}/${ref.taskId}`));
    const tasks = flows.length * 502;
    expect(claimed).toHaveLength(tasks);
    expect(new Set(claimed).size).toBe(tasks);
    for (const run of runs) {
      expect(run.rejected).toBe(0);
      expect(run.claimed.length).toBeGreaterThan(tasks / 20);
    }
    for (const id of flowIds) expect((await store.getFlow(id, ''))?.state).toBe('succeeded');
    const shares = runs.map(({ claimed: { length } }) => length).join(', ');
    const stalls = runs.map(({ longestStallMs }) => longestStallMs).join(', ');
    console.info(`tasks by process: ${shares}; longest stall of their event loops: ${stalls} ms`);
  });

  it('never take more slots of a queue than it has', { timeout: MINUTE }, async () => {
    const { store, dataDir } = await openStore();
    await store.ensureQueue(newQueue({ name: 'narrow', concurrency: 3 }));
    await store.createFlow(newFlow({ queue: 'narrow', tasks: newTasks('t', 50) }));
    const processes = await Promise.all([1, 2, 3].map(() => StoreProcess.start(dataDir)));
    const hands = await Promise.all(processes.map((process) => claimIn(process)));
    expect(hands.flat()).toHaveLength(3);
    expect((await store.getQueue('narrow'))?.running).toBe(3);
  });

  it('hear of what another one commits', { timeout: MINUTE }, async () => {
    const { store, dataDir } = await openStore();
    const process = await StoreProcess.start(dataDir);
    await process.call('listen');
    const first = process.nextHint();
    await store.registerRunner(newRunner());
    await first;
    const next = process.nextHint();
    await store.createFlow(newFlow());
    await next;
  });
});

describe('a process that is killed', () => {
  it('lets go of its lock at once, and another takes over', { timeout: MINUTE }, async () => {
    const { store, dataDir } = await openStore();
    await store.createFlow(newFlow({ tasks: newTasks('t', 4) }));
    const heir = newRunner();
    await store.registerRunner(heir);
    const process = await StoreProcess.start(dataDir);
    const dead = newRunner();
    await process.call('registerRunner', dead);
    const claim = { limit: 3, executors: ['noop'] };
    await process.call('advance', { runnerId: dead.id, now: 1, settle: [], claim });
    expect(await store.lostRunners(heir.id)).toEqual([]);
    await process.kill();
    expect(await store.lostRunners(heir.id)).toEqual([dead.id]);
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

  it('is seen as dead by every other process, and taken over by one', {
    timeout: MINUTE,
  }, async () => {
    const { store, dataDir } = await openStore();
    await store.createFlow(newFlow({ tasks: newTasks('t', 20) }));
    const [victim, ...others] = await Promise.all(
      [1, 2, 3, 4].map(() => StoreProcess.start(dataDir)),
    );
    const dead = newRunner();
    await victim?.call('registerRunner', dead);
    const claim = { limit: 20, executors: ['noop'] };
    await victim?.call('advance', { runnerId: dead.id, now: 1, settle: [], claim });
    await victim?.kill();
    const heirs = await Promise.all(others.map(register));
    for (const heir of heirs) expect(await heir.lostRunners()).toEqual([dead.id]);
    const taken = await Promise.all(heirs.map((heir) => heir.takeOver(dead.id)));
    expect(taken.flat().sort()).toEqual(
      newTasks('t', 20)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('leaves what it committed, and nothing half done', { timeout: MINUTE }, async () => {
    const { store, dataDir } = await openStore();
    for (let round = 0; round < 5; round++) {
      const process = await StoreProcess.start(dataDir);
      const flows = Array.from({ length: 40 }, () => newFlow({ tasks: newTasks('t', 200) }));
      const created: string[] = [];
      const creating = flows.map(async (flow) => {
        await process.call('createFlow', flow);
        created.push(flow.id);
        if (created.length === 5 * (round + 1)) await process.kill();
      });
      await Promise.allSettled(creating);
      for (const { id } of flows) {
        const flow = await store.getFlow(id, '');
        const tasks = await store.listFlowTasks({ flowId: id, limit: 1_000 });
        expect(tasks).toHaveLength(flow === null ? 0 : 200);
      }
      for (const id of created) expect(await store.getFlow(id, '')).not.toBeNull();
    }
  });
});

describe('a process that is frozen', () => {
  it('stays alive for the others', { timeout: MINUTE }, async () => {
    const { store, dataDir } = await openStore();
    const observer = newRunner();
    await store.registerRunner(observer);
    const process = await StoreProcess.start(dataDir);
    await process.call('registerRunner', newRunner());
    process.signal('SIGSTOP');
    for (let look = 0; look < 50; look++) {
      expect(await store.lostRunners(observer.id)).toEqual([]);
    }
    process.signal('SIGCONT');
    expect(await process.call('listRunners')).toHaveLength(2);
  });
});

async function openStore(): Promise<{ readonly store: Store; readonly dataDir: string }> {
  const dataDir = newDirectory();
  const store = await openSqliteStore({ dataDir });
  onTestFinished(() => store.close());
  await store.ensureQueue(QUEUE);
  return { store, dataDir };
}

/** One task, then `width` tasks, then one task. */
function fanOut(width: number): NewFlow {
  const leaves = newTasks('leaf', width, { dependsOn: ['root'] });
  const join = newTask('join', { dependsOn: leaves.map(({ id }) => id) });
  return newFlow({ tasks: [newTask('root'), ...leaves, join] });
}

async function saturate(process: StoreProcess, flowIds: readonly string[]) {
  const { runnerId } = await register(process);
  return process.call('saturate', runnerId, flowIds);
}

async function claimIn(process: StoreProcess) {
  const { runnerId } = await register(process);
  const claim = { limit: 10, executors: ['noop'] };
  const result = await process.call('advance', { runnerId, now: 1, settle: [], claim });
  return result.runner === 'ok' ? result.claimed : [];
}

/** A new runner of another process, and what a reaper does with it. */
async function register(process: StoreProcess) {
  const runner = newRunner();
  await process.call('registerRunner', runner);
  return {
    runnerId: runner.id,
    lostRunners: () => process.call('lostRunners', runner.id),
    async takeOver(dead: string): Promise<readonly string[]> {
      const taken: string[] = [];
      for (;;) {
        const some = await process.call('takeOver', { dead, by: runner.id, limit: 3, now: 2 });
        if (some.length === 0) return taken;
        taken.push(...some.map(({ ref }) => ref.taskId));
      }
    },
  };
}
