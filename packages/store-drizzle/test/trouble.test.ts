import { setImmediate as turn } from 'node:timers/promises';
import type { AttemptRef, Store } from '@tasked/core';
import { newFlow, newQueue, newRunner, newTask, succeeded } from '@tasked/store-testkit';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { prepareDataDirectory } from '../src/sqlite/data-directory.ts';
import { openDatabase } from '../src/sqlite/database.ts';
import { RunnerLocks } from '../src/sqlite/runner-locks.ts';
import { SqliteStore } from '../src/sqlite/sqlite-store.ts';
import { newDirectory } from './data-directories.ts';

const BIG = 'x'.repeat(200_000);

/** An open store with one running task, and its connection. */
async function openStore() {
  const dataDir = newDirectory();
  const directory = prepareDataDirectory(dataDir);
  const { db, transactions } = await openDatabase(directory.database);
  const locks = new RunnerLocks(directory.runners);
  const store = new SqliteStore({ db, transactions, locks, logger: undefined });
  onTestFinished(() => store.close());
  await store.ensureQueue(newQueue({ name: 'default', concurrency: 1 }));
  const flow = newFlow({ tasks: [newTask('a'), newTask('b', { dependsOn: ['a'] })] });
  await store.createFlow(flow);
  const runner = newRunner();
  await store.registerRunner(runner);
  const attempt: AttemptRef = { flowId: flow.id, taskId: 'a', fence: 1 };
  const tick = { runnerId: runner.id, now: 1 };
  const claim = { limit: 1, executors: ['noop'] };
  await store.advance({ ...tick, settle: [], claim });
  return { store, db, file: directory.database, flow, attempt, tick, claim };
}

/** Every call that writes, each with something to write. */
function writes({ store, attempt, tick, claim }: Awaited<ReturnType<typeof openStore>>) {
  const settle = [succeeded(attempt, BIG)];
  const large = newFlow({ tasks: [newTask('large', { input: BIG, priority: 9 })] });
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    createFlow: () => store.createFlow(large),
    advance: () => store.advance({ ...tick, settle, claim }),
    ensureQueue: () => store.ensureQueue(newQueue({ name: `long-${BIG}` })),
    registerRunner: () => store.registerRunner(newRunner({ name: BIG })),
  };
  return { calls, large };
}

describe('on a full disk', () => {
  it('every write says so and leaves nothing half done, reads go on, and room helps', async () => {
    const opened = await openStore();
    const { store, db, flow, attempt, tick, claim } = opened;
    const { calls, large } = writes(opened);
    const before = await everything(store, flow.id);
    fill(db);
    for (const [call, write] of Object.entries(calls)) {
      await expect(write(), call).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/tasked\.sqlite cannot grow, the disk is full: free some/),
      });
    }
    expect(await everything(store, flow.id)).toEqual(before);
    expect(await store.getFlow(large.id, '')).toBeNull();
    // What was lost only to the disk is not lost to the runner: it settles again.
    db.pragma('max_page_count = 1000000');
    for (const [call, write] of Object.entries(calls)) {
      if (call !== 'advance') await write();
    }
    const settle = [succeeded(attempt, BIG)];
    const result = await store.advance({ ...tick, settle, claim });
    expect(result).toMatchObject({ rejected: [], claimed: [{ ref: { taskId: 'b' } }] });
  });

  it('pruning still makes room', async () => {
    const { store, db, flow } = await openStore();
    const old = newFlow({ tasks: [newTask('large', { input: BIG })] });
    await store.createFlow(old);
    await store.cancelFlow({ flowId: old.id, owner: '', now: 1 });
    fill(db);
    const next = newFlow({ tasks: [newTask('large', { input: BIG })] });
    await expect(store.createFlow(next)).rejects.toMatchObject({ code: 'unavailable' });
    for (let more = true; more; ) {
      ({ more } = await store.pruneFlows({ now: 10, retentionMs: 0, limit: 10 }));
    }
    expect(await store.createFlow(next)).toMatchObject({ kind: 'created' });
    expect((await store.getFlow(flow.id, ''))?.state).toBe('running');
  });
});

describe('while another program has the database locked', () => {
  it('writes wait without blocking, reads go on, and nothing is lost', async () => {
    const opened = await openStore();
    const { store, file, flow } = opened;
    const other = lock(file);
    const waiting = Promise.all(Object.values(writes(opened).calls).map((write) => write()));
    const { states } = await everything(store, flow.id);
    expect(states).toEqual(['running', 'blocked']);
    for (let turns = 0; turns < 20; turns++) await turn();
    other.exec('commit');
    await waiting;
    expect((await everything(store, flow.id)).states).toEqual(['succeeded', 'running']);
  });

  it('for ten seconds every write says so, and does what it should when it is asked again', async () => {
    const opened = await openStore();
    const { store, file, flow } = opened;
    const { calls } = writes(opened);
    const before = await everything(store, flow.id);
    const other = lock(file);
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 4_000;
      return now;
    });
    for (const [call, write] of Object.entries(calls)) {
      await expect(write(), call).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/tasked\.sqlite stayed locked by another process: end/),
      });
    }
    clock.mockRestore();
    other.exec('commit');
    expect(await everything(store, flow.id)).toEqual(before);
    for (const write of Object.values(calls)) await write();
    expect((await everything(store, flow.id)).states).toEqual(['succeeded', 'running']);
  });
});

/** All that can be seen of a flow, its queue and the runners. */
async function everything(store: Store, flowId: string) {
  const tasks = await store.listFlowTasks({ flowId, limit: 10 });
  const refs = tasks.map(({ id }) => ({ flowId, taskId: id }));
  return {
    tasks,
    states: tasks.map(({ state }) => state),
    flow: await store.getFlow(flowId, ''),
    flows: (await store.listFlows({ owner: '', limit: 100 })).length,
    attempts: await Promise.all(refs.map((ref) => store.listAttempts(ref))),
    outputs: await store.readOutputs(refs, 1_000_000),
    queue: await store.getQueue('default'),
    runners: await store.listRunners(),
  };
}

/** From now on the file has no room for a large text. */
function fill(db: Database): void {
  db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
}

function lock(file: string): Database {
  const other = new BetterSqlite3(file, { timeout: 0 });
  onTestFinished(() => {
    other.close();
  });
  other.exec('begin immediate');
  return other;
}
