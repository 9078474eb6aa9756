import { expect, test } from 'vitest';
import { InputTimeoutError } from '../src/function/input-timeout-error.ts';
import { isSuspension } from '../src/function/suspension.ts';
import { until } from './engine.ts';
import { FunctionEngine } from './function-engine.ts';

const NAME = { message: 'Who?' };
const SIZE = { message: 'How many?' };

test('a function asks, waits without a slot, and is run again with the answer', async () => {
  const runs: number[] = [];
  const engine = new FunctionEngine({
    async main(_, ctx) {
      runs.push(ctx.attempt);
      const { name } = await ctx.requireInput({ name: NAME });
      return `Hello, ${String(name)}!`;
    },
  });
  const flowId = await engine.start();
  expect(await engine.isIn(flowId, 'waiting')).toMatchObject({ attempt: 0, fence: 1 });
  expect((await engine.store.getQueue('default'))?.running).toBe(0);
  expect(await engine.flows.listInputs(flowId, '')).toEqual([
    { address: 'name', taskId: 'main', key: 'name', request: NAME, deadlineAt: null },
  ]);
  expect(await engine.answer(flowId, { age: 36, name: 'Ada' })).toEqual({
    accepted: ['name'],
    refused: [{ address: 'age', why: 'unknown' }],
  });
  expect(await engine.output(flowId)).toBe('Hello, Ada!');
  expect(runs).toEqual([1, 1]);
  expect(await engine.task(flowId)).toMatchObject({ attempt: 1, fence: 2 });
});

test('a wait without a time limit outlasts every timeout of the task', async () => {
  const engine = new FunctionEngine({
    main: async (_, ctx) => (await ctx.requireInput({ name: NAME })).name,
  });
  const flowId = await engine.start(['main'], { timeout_secs: 1 });
  await engine.isIn(flowId, 'waiting');
  await engine.clock.advance(3_600_000);
  expect((await engine.task(flowId)).state).toBe('waiting');
  await engine.answer(flowId, { name: 'late' });
  expect(await engine.output(flowId)).toBe('late');
});

test('what is asked for together is asked for at once, and may be answered one by one', async () => {
  const engine = new FunctionEngine({
    main: async (_, ctx) =>
      await Promise.all([
        ctx.requireInput({ name: NAME }),
        ctx.requireInput({ size: SIZE }, { withinMs: 5_000 }),
      ]),
  });
  const flowId = await engine.start();
  await engine.isIn(flowId, 'waiting');
  expect(await engine.asks(flowId)).toEqual(['name', 'size']);
  await engine.answer(flowId, { size: 3 });
  expect(await engine.asks(flowId)).toEqual(['name']);
  expect((await engine.answer(flowId, { size: 4, name: 'Ada' })).refused).toEqual([
    { address: 'size', why: 'answered' },
  ]);
  expect(await engine.output(flowId)).toEqual([{ name: 'Ada' }, { size: 3 }]);
});

test('questions follow one another, and an answered one is never asked again', async () => {
  const engine = new FunctionEngine({
    async main(_, ctx) {
      const { name } = await ctx.requireInput({ name: NAME });
      const { size } = await ctx.requireInput({ size: SIZE });
      const again = await ctx.requireInput({ name: { message: 'Who again?' } });
      return [name, size, again];
    },
  });
  const flowId = await engine.start();
  await engine.isIn(flowId, 'waiting');
  await engine.answer(flowId, { name: 'Ada' });
  await until(async () => (await engine.asks(flowId)).includes('size'));
  expect(await engine.asks(flowId)).toEqual(['size']);
  await engine.answer(flowId, { size: 3 });
  expect(await engine.output(flowId)).toEqual(['Ada', 3, { name: 'Ada' }]);
  expect((await engine.flows.get(flowId, '')).inputCount).toBe(2);
});

test('answers and what was saved are there for another process, after a crash as well', async () => {
  let crash = true;
  const engine = new FunctionEngine({
    async main(_, ctx) {
      const { name } = await ctx.requireInput({ name: NAME });
      if (ctx.saved === null) await ctx.save({ done: 6 });
      if (crash) await new Promise(() => {});
      return { name, saved: ctx.saved };
    },
  });
  const flowId = await engine.start(['main'], { retries: 1, backoff_secs: 0 });
  await engine.isIn(flowId, 'waiting');
  await engine.answer(flowId, { name: 'Ada' });
  await until(async () => (await engine.task(flowId)).fence === 2);
  crash = false;
  await engine.store.unregisterRunner(engine.runner.id);
  const other = engine.another();
  await other.start();
  expect(await engine.output(flowId)).toEqual({ name: 'Ada', saved: { done: 6 } });
  expect((await engine.task(flowId)).attempt).toBe(2);
  await other.stop({ graceMs: 0 });
});

test('two tasks may ask under one key: with several tasks, addresses name the task', async () => {
  const engine = new FunctionEngine({
    one: async (_, ctx) => (await ctx.requireInput({ ok: NAME })).ok,
    two: async (_, ctx) => (await ctx.requireInput({ ok: SIZE })).ok,
  });
  const flowId = await engine.start(['one', 'two']);
  await until(async () => (await engine.flows.get(flowId, '')).counts.waiting === 2);
  expect(await engine.asks(flowId)).toEqual(['one:ok', 'two:ok']);
  const taken = await engine.answer(flowId, { 'two:ok': 2, ok: 0, 'three:ok': 3 });
  expect(taken.accepted).toEqual(['two:ok']);
  expect(taken.refused).toHaveLength(2);
  expect(await engine.output(flowId, 'two')).toBe(2);
  await engine.answer(flowId, { 'one:ok': 1 });
  expect(await engine.output(flowId, 'one')).toBe(1);
});

test('being suspended cannot be swallowed, and finally blocks run', async () => {
  const told: string[] = [];
  const engine = new FunctionEngine({
    async main(_, ctx) {
      try {
        const { name } = await ctx.requireInput({ name: NAME });
        return name;
      } catch (thrown) {
        told.push(isSuspension(thrown) ? 'suspended' : 'error');
        await expect(ctx.save('not any more')).rejects.toSatisfy(isSuspension);
        return 'swallowed';
      } finally {
        told.push('cleaned up');
      }
    },
  });
  const flowId = await engine.start();
  await engine.isIn(flowId, 'waiting');
  expect(told).toEqual(['suspended', 'cleaned up']);
  await engine.answer(flowId, { name: 'Ada' });
  expect(await engine.output(flowId)).toBe('Ada');
});

test('a question that nobody waits for suspends all the same', async () => {
  const engine = new FunctionEngine({
    main(_, ctx) {
      void ctx.requireInput({ name: NAME });
      return 'too early';
    },
  });
  const flowId = await engine.start();
  await engine.isIn(flowId, 'waiting');
  await engine.answer(flowId, { name: 'Ada' });
  expect(await engine.output(flowId)).toBe('too early');
});

test('a question that is not answered in time fails its task for good', async () => {
  const engine = new FunctionEngine({
    main: async (_, ctx) => await ctx.requireInput({ name: NAME, size: SIZE }, { withinMs: 5_000 }),
  });
  const flowId = await engine.start(['main'], { retries: 5 });
  await engine.isIn(flowId, 'waiting');
  await engine.answer(flowId, { size: 3 });
  await engine.clock.advance(4_999);
  expect((await engine.task(flowId)).state).toBe('waiting');
  await engine.clock.advance(1);
  const failed = await engine.isIn(flowId, 'failed');
  expect(failed).toMatchObject({ attempt: 1, failure: { code: 'input_timeout' } });
  expect(failed.failure?.message).toBe('nobody answered in time: name');
});

test('a function may go on without an answer that did not come in time', async () => {
  const engine = new FunctionEngine({
    async main(_, ctx) {
      try {
        return await ctx.requireInput({ name: NAME }, { withinMs: 5_000 });
      } catch (error) {
        if (error instanceof InputTimeoutError) return { without: error.keys };
        throw error;
      }
    },
  });
  const flowId = await engine.start();
  await engine.isIn(flowId, 'waiting');
  await engine.clock.advance(5_000);
  expect(await engine.output(flowId)).toEqual({ without: ['name'] });
  expect((await engine.answer(flowId, { name: 'late' })).refused).toEqual([
    { address: 'name', why: 'closed' },
  ]);
});

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

test.each<[string, unknown, RegExp]>([
  ['no object', 'name', /no object/],
  ['nothing', {}, /asks for nothing/],
  ['a key with a space', { 'a b': NAME }, /key "a b"/],
  ['an empty key', { '': NAME }, /key ""/],
  ['a request that is no object', { name: 'Who?' }, /"name" is no object/],
  ['a cycle', { name: cyclic }, /not JSON.*circular/i],
  ['a BigInt', { name: { least: 10n } }, /not JSON.*BigInt/],
  ['too much', { name: { text: 'x'.repeat(70_000) } }, /70011 bytes/],
  ['too many', Object.fromEntries(Array.from({ length: 33 }, (_, n) => [n, NAME])), /33 inputs/],
])('asking for %s fails the task, clearly and for good', async (_, requests, says) => {
  const engine = new FunctionEngine({
    main: async (_input, ctx) => await ctx.requireInput(requests as Record<string, typeof NAME>),
  });
  const flowId = await engine.start(['main'], { retries: 3 });
  const { failure, attempt } = await engine.isIn(flowId, 'failed');
  expect({ attempt, code: failure?.code }).toEqual({ attempt: 1, code: 'invalid_input' });
  expect(failure?.message).toMatch(says);
});

test('keys that objects have by nature are keys like any other', async () => {
  const engine = new FunctionEngine({
    async main(_, ctx) {
      const answers = await ctx.requireInput({
        constructor: NAME,
        ['__proto__']: SIZE,
        hasOwnProperty: NAME,
      });
      return Object.entries(answers);
    },
  });
  const flowId = await engine.start();
  await engine.isIn(flowId, 'waiting');
  expect(await engine.asks(flowId)).toEqual(['constructor', '__proto__', 'hasOwnProperty']);
  await engine.answer(flowId, JSON.parse('{"constructor":1,"__proto__":2,"hasOwnProperty":3}'));
  expect(await engine.output(flowId)).toEqual([
    ['constructor', 1],
    ['__proto__', 2],
    ['hasOwnProperty', 3],
  ]);
});

test('a cancelled wait ends at once', async () => {
  const engine = new FunctionEngine({
    main: async (_, ctx) => await ctx.requireInput({ name: NAME }),
  });
  const flowId = await engine.start();
  await engine.isIn(flowId, 'waiting');
  expect((await engine.flows.cancel(flowId, '')).flow.state).toBe('cancelled');
  expect(await engine.asks(flowId)).toEqual([]);
  expect((await engine.answer(flowId, { name: 'Ada' })).refused).toMatchObject([{ why: 'closed' }]);
});

test('answers are refused that are no JSON or too large, and to foreign flows', async () => {
  const engine = new FunctionEngine({
    main: async (_, ctx) => await ctx.requireInput({ name: NAME }),
  });
  const flowId = await engine.start();
  await engine.isIn(flowId, 'waiting');
  const bad = engine.answer(flowId, { name: cyclic as never });
  await expect(bad).rejects.toMatchObject({ code: 'invalid_input' });
  const large = engine.answer(flowId, { name: 'x'.repeat(70_000) });
  await expect(large).rejects.toMatchObject({ code: 'limit_exceeded' });
  const foreign = engine.flows.answerInputs(flowId, 'bob', { name: 'Bob' });
  await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
  await expect(engine.flows.listInputs(flowId, 'bob')).rejects.toMatchObject({ code: 'not_found' });
  expect(await engine.asks(flowId)).toEqual(['name']);
});

test('a wait ends when input is needed: at once if it is already, and else with the next question', async () => {
  const engine = new FunctionEngine({
    async main(_, ctx) {
      await ctx.requireInput({ name: NAME });
      await ctx.requireInput({ size: SIZE });
    },
  });
  const flowId = await engine.start();
  const first = await engine.flows.wait(flowId, '', { timeoutMs: 60_000 });
  expect(first.counts.waiting).toBe(1);
  expect(await engine.flows.wait(flowId, '', { timeoutMs: 60_000 })).toEqual(first);
  const next = engine.flows.wait(flowId, '', { timeoutMs: 60_000, since: first });
  await engine.answer(flowId, { name: 'Ada' });
  expect(await next).toMatchObject({ inputCount: 2, counts: { waiting: 1 } });
  expect(await engine.asks(flowId)).toEqual(['size']);
});
