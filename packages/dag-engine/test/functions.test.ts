import { PermanentError, TaskedError } from '@tasked/core';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { FakeClock } from '@tasked/store-testkit';
import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { Flows } from '../src/flows.ts';
import { functionExecutor } from '../src/function/function-executor.ts';
import { Runner } from '../src/runner.ts';
import { until } from './engine.ts';
import { type Body, FunctionEngine } from './function-engine.ts';

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

test('schemas judge and shape what goes in and comes out', async () => {
  const clock = new FakeClock();
  const store = new MemoryStore();
  let runs = 0;
  const sum = functionExecutor({
    type: 'sum',
    inputSchema: z.object({ numbers: z.array(z.number()).default([1, 2]) }),
    outputSchema: z.object({ sum: z.number().max(10) }).transform(({ sum }) => ({ sum, ok: true })),
    run({ numbers }) {
      runs += 1;
      expectTypeOf(numbers).toEqualTypeOf<number[]>();
      return { sum: numbers.reduce((a, b) => a + b, 0) };
    },
  });
  const parts = { store, executors: [sum], clock };
  const flows = new Flows(parts);
  const runner = new Runner({ ...parts, logs: new MemoryLogStore() });
  const inputs = { defaults: {}, wrong: { numbers: ['1'] }, large: { numbers: [5, 6] } };
  const tasks = Object.entries(inputs).map(([id, input]) => ({ id, executor: 'sum', input }));
  const { flow } = await flows.submit({ tasks }, '');
  await runner.start();
  await until(async () => (await flows.get(flow.id, '')).state !== 'running');
  const [defaults, wrong, large] = await flows.listTasks({ flowId: flow.id, limit: 3 }, '');
  expect(defaults?.state).toBe('succeeded');
  expect(await flows.readOutput(flow.id, 'defaults', '')).toEqual({ sum: 3, ok: true });
  expect(wrong?.failure).toMatchObject({ code: 'invalid_input', retryable: false });
  expect(wrong?.failure?.message).toMatch(/^the input is not valid: numbers\.0: /);
  expect(large?.failure).toMatchObject({ code: 'bad_output', retryable: false });
  expect(large?.failure?.message).toMatch(/^what it returned is not valid: sum: /);
  expect(runs).toBe(2);
});

test('a schema that throws is told, and fails its task alone', async () => {
  const broken = {
    '~standard': { version: 1, vendor: 'x', validate: () => Promise.reject(new Error('no luck')) },
  } as const;
  const executor = functionExecutor({ type: 'main', inputSchema: broken, run: () => 1 });
  const store = new MemoryStore();
  const flows = new Flows({ store, executors: [executor] });
  const runner = new Runner({ store, executors: [executor], logs: new MemoryLogStore() });
  const { flow } = await flows.submit({ tasks: [{ id: 'main', executor: 'main' }] }, '');
  await runner.start();
  await until(async () => (await flows.get(flow.id, '')).state !== 'running');
  expect((await flows.getTask(flow.id, 'main', '')).failure).toEqual({
    code: 'invalid_input',
    message: 'the input could not be judged: no luck',
    retryable: false,
  });
  await runner.stop({ graceMs: 0 });
});

test('arguments in the config are refused at submit', async () => {
  const engine = new FunctionEngine({ main: () => 1 });
  const config = { numbers: [1] };
  const submit = engine.flows.submit({ tasks: [{ id: 'a', executor: 'main', config }] }, '');
  await expect(submit).rejects.toMatchObject({
    code: 'invalid_input',
    details: { faults: [{ path: 'tasks[0].config.numbers' }] },
  });
});

test('a function needs a type', () => {
  expect(() => functionExecutor({ type: '', run: () => 1 })).toThrow(TaskedError);
});

test('only a runner that has the function runs its tasks', async () => {
  const engine = new FunctionEngine({ here: () => 'here', there: () => 'there' });
  const { store, logs, clock } = engine;
  const here = functionExecutor({ type: 'here', run: () => 'here' });
  const runner = new Runner({ store, logs, clock, executors: [here] });
  await runner.start();
  const tasks = ['here', 'there'].map((type) => ({ id: type, executor: type }));
  const { flow } = await engine.flows.submit({ tasks }, '');
  await engine.isIn(flow.id, 'succeeded', 'here');
  expect((await engine.task(flow.id, 'there')).state).toBe('ready');
  await engine.runner.start();
  expect(await engine.output(flow.id, 'there')).toBe('there');
});

const OUTPUTS: readonly (readonly [string, unknown, unknown])[] = [
  ['nothing', undefined, null],
  ['10 MB', 'x'.repeat(10_000_000), 'x'.repeat(10_000_000)],
  ['an error, which is no throw', new Error('returned'), {}],
];

test.each(OUTPUTS)('a function may return %s', async (_, returned, stored) => {
  const engine = new FunctionEngine({ main: () => returned });
  expect(await engine.output(await engine.start())).toEqual(stored);
});

const BAD_OUTPUTS: readonly (readonly [string, unknown, RegExp])[] = [
  ['a cycle', cyclic, /circular/i],
  ['a BigInt', { n: 10n }, /BigInt/],
  ['a function', () => 1, /it is a function/],
  ['17 MiB', 'x'.repeat(17 * 1024 * 1024), /17825794 bytes/],
];

test.each(BAD_OUTPUTS)(
  'a function that returns %s fails, and nothing else',
  async (_, bad, says) => {
    const engine = new FunctionEngine({ main: () => bad, other: () => 'fine' });
    const flowId = await engine.start(['main', 'other'], { retries: 3 });
    const { failure, attempt } = await engine.isIn(flowId, 'failed');
    expect({ code: failure?.code, attempt }).toEqual({ code: 'bad_output', attempt: 1 });
    expect(failure?.message).toMatch(says);
    expect(await engine.output(flowId, 'other')).toBe('fine');
  },
);

const THROWN: readonly (readonly [string, unknown, object])[] = [
  ['an error', new Error('no'), { code: 'executor_error', message: 'no', retryable: true }],
  ['a text', 'no', { code: 'executor_error', message: 'no', retryable: true }],
  ['nothing', undefined, { code: 'executor_error', message: 'undefined', retryable: true }],
  [
    'a permanent error',
    new PermanentError('gone', { code: 'no_such_file' }),
    { code: 'no_such_file', message: 'gone', retryable: false },
  ],
  [
    'what a service refuses',
    new TaskedError('not_found', 'no flow'),
    { code: 'not_found', message: 'no flow', retryable: false },
  ],
  [
    'what a service cannot do now',
    new TaskedError('unavailable', 'locked'),
    { code: 'unavailable', message: 'locked', retryable: true },
  ],
];

test.each(THROWN)('%s that is thrown is a failure', async (_, thrown, failure) => {
  const engine = new FunctionEngine({
    main: () => {
      throw thrown;
    },
    later: async () => {
      await Promise.resolve();
      throw thrown;
    },
  });
  const flowId = await engine.start(['main', 'later']);
  for (const id of ['main', 'later']) {
    expect((await engine.isIn(flowId, 'failed', id)).failure).toEqual(failure);
  }
});

test('a failure is retried from the beginning, with what was saved', async () => {
  const seen: unknown[] = [];
  const engine = new FunctionEngine({
    async main(_, ctx) {
      seen.push([ctx.attempt, ctx.saved]);
      const chunk = Number(ctx.saved ?? 0) + 1;
      await ctx.save(chunk);
      expect(ctx.saved).toBe(chunk);
      if (chunk < 3) throw new Error('crashed');
      return chunk;
    },
  });
  const flowId = await engine.start(['main'], { retries: 2, backoff_secs: 0 });
  expect(await engine.output(flowId)).toBe(3);
  expect(seen).toEqual([
    [1, null],
    [2, 1],
    [3, 2],
  ]);
});

test('a snooze runs the function again later and spends no attempt', async () => {
  let runs = 0;
  const engine = new FunctionEngine({
    async main(_, ctx) {
      runs += 1;
      if (runs === 3) return ctx.saved;
      await ctx.save(runs);
      try {
        return ctx.snooze(60_000);
      } catch {
        return 'swallowed';
      }
    },
  });
  const flowId = await engine.start();
  for (let snoozes = 0; snoozes < 2; snoozes++) {
    await engine.isIn(flowId, 'delayed');
    await engine.clock.advance(60_000);
  }
  expect(await engine.output(flowId)).toBe(2);
  expect(await engine.task(flowId)).toMatchObject({ attempt: 1, fence: 3 });
});

test.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['soon' as unknown as number]])(
  'a snooze of %s is refused',
  async (delayMs) => {
    const engine = new FunctionEngine({ main: (_, ctx) => ctx.snooze(delayMs) });
    const { failure } = await engine.isIn(await engine.start(), 'failed');
    expect(failure?.code).toBe('invalid_input');
  },
);

test('a function that does not heed its timeout is left behind, and what it says later is refused', async () => {
  let late: Promise<void> | undefined;
  let goOn = () => {};
  const engine = new FunctionEngine({
    async main(_, ctx) {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      ctx.progress('still here');
      late = ctx.save('late');
      return 'late';
    },
    other: () => 'fine',
  });
  const flowId = await engine.start(['main', 'other'], { timeout_secs: 5 });
  await engine.isIn(flowId, 'running');
  await engine.clock.advance(5_999);
  expect((await engine.task(flowId)).state).toBe('running');
  await engine.clock.advance(1);
  expect((await engine.isIn(flowId, 'failed')).failure?.code).toBe('timeout');
  goOn();
  await until(() => late !== undefined);
  await expect(late).rejects.toMatchObject({ code: 'illegal_transition' });
  expect(await engine.flows.readOutput(flowId, 'main', '')).toBeNull();
  expect((await engine.ended(flowId)).state).toBe('failed');
  expect(await engine.output(flowId, 'other')).toBe('fine');
});

test('a function that heeds its signal is cancelled at once, one that does not within a second', async () => {
  const heeding: Body = (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const engine = new FunctionEngine({ main: heeding, deaf: () => new Promise(() => {}) });
  const flowId = await engine.start(['main', 'deaf']);
  await engine.isIn(flowId, 'running');
  await engine.isIn(flowId, 'running', 'deaf');
  await engine.flows.cancel(flowId, '');
  const slots = async () => (await engine.store.getQueue('default'))?.running;
  await until(async () => (await slots()) === 1);
  await engine.clock.advance(1_000);
  await until(async () => (await slots()) === 0);
});

test('what a function logs can be read as lines', async () => {
  const engine = new FunctionEngine({
    main(_, ctx) {
      ctx.log('one');
      ctx.log('two');
    },
  });
  const flowId = await engine.start();
  await engine.isIn(flowId, 'succeeded');
  const ref = { flowId, taskId: 'main' };
  const read = await engine.logs.read(ref, 'log', { offset: 0, limit: 100 });
  expect(Buffer.from(read?.bytes ?? []).toString()).toBe('one\ntwo\n');
});
