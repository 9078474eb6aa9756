import { setImmediate as turn } from 'node:timers/promises';
import { type Store, TaskedError } from '@tasked/core';
import { MemoryStore } from '@tasked/store-memory';
import { expect, test } from 'vitest';
import { MAX_TICKS } from '../src/ticks-in-flight.ts';
import { Engine, type Script, task } from './engine.ts';

const TASKS = 1_000;
const SLOTS = 200;

test('under load a second tick goes beside the first, and no slot is taken twice', async () => {
  const slow = slowStore();
  let [running, most] = [0, 0];
  const work = async () => {
    most = Math.max(most, ++running);
    await turn();
    running -= 1;
    return { kind: 'succeeded', output: null } as const;
  };
  const engine = await runMany(slow.store, work);
  expect(slow.mostUnderWay()).toBe(MAX_TICKS);
  expect(most).toBeGreaterThan(SLOTS / 2);
  expect(most).toBeLessThanOrEqual(SLOTS);
  expect(engine.executor.runs).toHaveLength(TASKS);
});

test('what a tick beside another one was to settle is settled later when it fails', async () => {
  const slow = slowStore((underWay, calls) => underWay === 2 && calls % 3 === 0);
  const engine = await runMany(slow.store, () => ({ kind: 'succeeded', output: null }));
  expect(slow.failures()).toBeGreaterThan(0);
  expect(engine.executor.runs).toHaveLength(TASKS);
});

async function runMany(store: Store, work: Script): Promise<Engine> {
  const ids = Array.from({ length: TASKS }, (_, index) => `t${index}`);
  const scripts = Object.fromEntries(ids.map((id) => [id, work]));
  const engine = new Engine(scripts, { store, slots: SLOTS });
  const defaults = { retries: 0, timeoutMs: null };
  await store.ensureQueue({ name: 'wide', concurrency: null, defaults });
  const flowId = await engine.submit({ queue: 'wide', tasks: ids.map((id) => task(id)) });
  await engine.runner.start();
  expect((await engine.ended(flowId)).flow.state).toBe('succeeded');
  await engine.runner.stop({ graceMs: 0 });
  return engine;
}

/** A store whose ticks take some turns of the event loop, and fail before they do anything when `fails` says so. */
function slowStore(fails: (underWay: number, calls: number) => boolean = () => false) {
  const store: Store = new MemoryStore();
  const advance = store.advance.bind(store);
  let [underWay, mostUnderWay, calls, failures] = [0, 0, 0, 0];
  store.advance = async (tick) => {
    underWay += 1;
    calls += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    const willFail = fails(underWay, calls);
    try {
      for (let turns = 0; turns < 5; turns++) await turn();
      if (!willFail) return await advance(tick);
      failures += 1;
      throw new TaskedError('unavailable', 'not now');
    } finally {
      underWay -= 1;
    }
  };
  return { store, mostUnderWay: () => mostUnderWay, failures: () => failures };
}
