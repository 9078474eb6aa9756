import { setImmediate as turn } from 'node:timers/promises';
import { type AttemptRef, TaskedError, type Tick, type TickResult } from '@tasked/core';
import { MemoryStore } from '@tasked/store-memory';
import { expect, test } from 'vitest';
import { MAX_TICKS } from '../src/ticks-in-flight.ts';
import { Engine, task, until } from './engine.ts';

const TASKS = 600;
const SLOTS = 200;

test('what a tick claimed counts for nothing when a tick beside it brought the loss', async () => {
  const { store, engine, first } = await withTicksInFlight();
  const [early, late] = store.inFlight;
  const claimed = claimedBy(await early?.commit());
  expect(claimed.length).toBeGreaterThan(0);
  await store.unregisterRunner(first);
  expect(await late?.commit()).toEqual({ runner: 'lost' });
  late?.answer();
  await until(() => engine.runner.id !== first);
  early?.answer();
  await runsOn(store, engine);
  expect(runsOf(engine, claimed)).toEqual([]);
});

test('what a tick beside claimed counts for nothing when the tick of the loop brought the loss', async () => {
  const { store, engine, first } = await withTicksInFlight();
  const [early, late] = store.inFlight;
  const claimed = claimedBy(await late?.commit());
  expect(claimed.length).toBeGreaterThan(0);
  await store.unregisterRunner(first);
  expect(await early?.commit()).toEqual({ runner: 'lost' });
  early?.answer();
  await until(() => engine.runner.id !== first);
  late?.answer();
  await runsOn(store, engine);
  expect(runsOf(engine, claimed)).toEqual([]);
});

test('two ticks that bring the same loss make the runner start anew once', async () => {
  const { store, engine, first } = await withTicksInFlight();
  await store.unregisterRunner(first);
  for (const tick of store.inFlight) await tick.commit();
  for (const tick of [...store.inFlight].reverse()) tick.answer();
  await runsOn(store, engine);
  expect(store.registered).toHaveLength(2);
});

test.each(['loop', 'beside'] as const)(
  'what a tick of the given-up registration was to settle is not sent under the new id (%s)',
  async (failing) => {
    const { store, engine, first } = await withTicksInFlight();
    const [loop, beside] = store.inFlight;
    const [lost, failed] = failing === 'loop' ? [beside, loop] : [loop, beside];
    const settled = failed?.tick.settle.map(({ attempt }) => attempt) ?? [];
    expect(settled.length).toBeGreaterThan(0);
    await store.unregisterRunner(first);
    await lost?.commit();
    lost?.answer();
    await until(() => engine.runner.id !== first);
    failed?.fail();
    await runsOn(store, engine);
    const later = store.ticks.filter(({ runnerId }) => runnerId !== first);
    const sent = later.flatMap(({ settle }) => settle.map(({ attempt }) => keyOf(attempt)));
    expect(sent.filter((key) => settled.some((ref) => keyOf(ref) === key))).toEqual([]);
  },
);

/** A runner with as many ticks in flight as it sends, none of which the store has seen yet. */
async function withTicksInFlight() {
  const store = new HeldStore();
  const ends: (() => void)[] = [];
  const ids = Array.from({ length: TASKS }, (_, index) => `t${index}`);
  const work = () =>
    new Promise<{ kind: 'succeeded'; output: null }>((resolve) => {
      ends.push(() => resolve({ kind: 'succeeded', output: null }));
    });
  const scripts = Object.fromEntries(ids.map((id) => [id, work]));
  const engine = new Engine(scripts, { store, slots: SLOTS });
  await store.ensureQueue({
    name: 'wide',
    concurrency: null,
    defaults: { retries: 1, timeoutMs: null },
  });
  await engine.submit({ queue: 'wide', tasks: ids.map((id) => task(id)) });
  await engine.runner.start();
  await until(() => ends.length === SLOTS);
  store.holding = true;
  for (const end of ends.splice(0)) end();
  await until(() => store.inFlight.length === MAX_TICKS);
  return { store, engine, first: engine.runner.id };
}

/** Sees to it that the runner works under an id that is registered, and that it has heard every answer. */
async function runsOn(store: HeldStore, engine: Engine): Promise<void> {
  store.holding = false;
  const before = store.ticks.length;
  await engine.submit({ queue: 'other', tasks: [task('wakes-it')] });
  await until(() => engine.executor.count('wakes-it') === 1);
  expect(store.ticks.length).toBeGreaterThan(before);
  expect(store.registered.at(-1)).toBe(engine.runner.id);
}

function claimedBy(result: TickResult | undefined): readonly AttemptRef[] {
  return result?.runner === 'ok' ? result.claimed.map(({ ref }) => ref) : [];
}

/** Which of the attempts were executed. */
function runsOf(engine: Engine, refs: readonly AttemptRef[]): readonly string[] {
  const keys = new Set(refs.map(keyOf));
  return engine.executor.runs.map(({ ref }) => keyOf(ref)).filter((key) => keys.has(key));
}

function keyOf({ flowId, taskId, fence }: AttemptRef): string {
  return `${flowId}/${taskId}/${fence}`;
}

/** A tick that the test commits and answers. */
interface HeldTick {
  readonly tick: Tick;
  readonly commit: () => Promise<TickResult>;
  /** With what was committed. */
  readonly answer: () => void;
  readonly fail: () => void;
}

/** A store whose ticks and registrations take some turns of the event loop, or as long as the test holds them. */
class HeldStore extends MemoryStore {
  holding = false;
  readonly inFlight: HeldTick[] = [];
  readonly ticks: Tick[] = [];
  readonly registered: string[] = [];

  override async advance(tick: Tick): Promise<TickResult> {
    this.ticks.push(tick);
    if (this.holding) return await this.#held(tick);
    await turns();
    return await super.advance(tick);
  }

  override async registerRunner(...args: Parameters<MemoryStore['registerRunner']>) {
    await turns();
    this.registered.push(args[0].id);
    await super.registerRunner(...args);
  }

  #held(tick: Tick): Promise<TickResult> {
    const advance = super.advance.bind(this);
    return new Promise((resolve, reject) => {
      let result: TickResult | null = null;
      this.inFlight.push({
        tick,
        commit: async () => {
          result = await advance(tick);
          return result;
        },
        answer: () => result !== null && resolve(result),
        fail: () => reject(new TaskedError('unavailable', 'not now')),
      });
    });
  }
}

async function turns(): Promise<void> {
  for (let count = 0; count < 5; count++) await turn();
}
