import type { JsonValue, Outcome } from '@tasked/core';
import { MemoryStore } from '@tasked/store-memory';
import { expect, test } from 'vitest';
import { Engine, task } from './engine.ts';

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

const BAD_OUTPUTS: readonly (readonly [string, unknown, RegExp])[] = [
  ['a BigInt', 10n, /BigInt/],
  ['a cycle', cyclic, /circular/i],
  ['a function', () => 1, /function/],
  ['a symbol', Symbol('x'), /symbol/],
  ['nested too deep to be stored', nested(1_001), /nested more than 1000 deep/],
  ['17 MiB', 'x'.repeat(17 * 1024 * 1024), /17825794 bytes/],
];

test.each(BAD_OUTPUTS)(
  'an output that is %s fails its task and nothing else',
  async (_, bad, says) => {
    const engine = new Engine({ a: () => ({ kind: 'succeeded', output: bad }) as Outcome });
    const { tasks, states } = await engine.runToEnd({ tasks: [task('a'), task('b')] });
    expect(states).toEqual({ a: 'failed', b: 'succeeded' });
    expect(tasks[0]?.failure).toMatchObject({ code: 'bad_output', retryable: false });
    expect(tasks[0]?.failure?.message).toMatch(says);
  },
);

test('an output at the limit of depth is stored and can be referred to', async () => {
  const engine = new Engine({
    a: () => ({ kind: 'succeeded', output: nested(1_000) as JsonValue }),
  });
  const b = task('b', { depends_on: ['a'], input: `\${tasks.a.output}` });
  const { states } = await engine.runToEnd({ tasks: [task('a'), b] });
  expect(states).toEqual({ a: 'succeeded', b: 'succeeded' });
});

test('an output that is undefined counts as null', async () => {
  const engine = new Engine({ a: () => ({ kind: 'succeeded' }) as unknown as Outcome });
  const { flow } = await engine.runToEnd({ tasks: [task('a')] });
  expect(flow.state).toBe('succeeded');
  expect(await engine.flows.readOutput(flow.id, 'a', '')).toBeNull();
});

test('what an executor throws is a failure that may be retried, error or not', async () => {
  const engine = new Engine({
    a: () => {
      throw new Error('no luck');
    },
    b: () => {
      throw 'just a text';
    },
  });
  const { tasks } = await engine.runToEnd({
    tasks: [task('a', { retries: 0 }), task('b', { retries: 0 })],
  });
  expect(tasks.map((each) => each.failure?.message)).toEqual(['no luck', 'just a text']);
});

const FAILURE = { code: 'boom', message: 'boom', retryable: true };
const UNPRINTABLE: unknown = Object.create(null);

/** What an executor that was written without types might say. */
const BAD_OUTCOMES: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['of an unknown kind', { kind: 'done', output: 1 }],
  ['a failure without its reason', { kind: 'failed' }],
  ['a failure whose code is no text', { kind: 'failed', failure: { ...FAILURE, code: 5n } }],
  ['a failure whose message is no text', { kind: 'failed', failure: { ...FAILURE, message: {} } }],
  [
    'a failure that may be retried at no time',
    { kind: 'failed', failure: FAILURE, retryAfterMs: Number.NaN },
  ],
  ['a snooze until no time', { kind: 'snooze' }],
  ['a wait for nothing', { kind: 'waiting', inputRequests: {} }],
  ['a wait without requests', { kind: 'waiting' }],
  ['a wait for what is no key', { kind: 'waiting', inputRequests: { 'a b': {} } }],
  [
    'a wait that ends at no time',
    { kind: 'waiting', inputRequests: { a: {} }, withinMs: Number.NaN },
  ],
  ['a snooze for ever', { kind: 'snooze', delayMs: Number.POSITIVE_INFINITY }],
];

test.each(BAD_OUTCOMES)('an outcome that is %s fails its task and nothing else', async (_, bad) => {
  const engine = new Engine({ a: () => bad as Outcome });
  const { tasks, states } = await engine.runToEnd({
    tasks: [task('a', { retries: 2 }), task('b')],
  });
  expect(states).toEqual({ a: 'failed', b: 'succeeded' });
  expect(tasks[0]?.failure).toMatchObject({ code: 'bad_outcome', retryable: false });
  expect(engine.executor.count('a')).toBe(1);
});

test('what else a failure says is not kept, so that it cannot be what JSON does not know', async () => {
  const failure = { ...FAILURE, retryable: false, raw: 10n };
  const engine = new Engine({ a: () => ({ kind: 'failed', failure }) });
  const { tasks } = await engine.runToEnd({ tasks: [task('a')] });
  expect(tasks[0]?.failure).toEqual({ ...FAILURE, retryable: false });
});

test.each([
  ['cannot be shown as text', UNPRINTABLE],
  ['has a message that is no text', Object.assign(new Error(), { message: 5n })],
])('what an executor throws may be what %s', async (_, thrown) => {
  const engine = new Engine({
    a: () => {
      throw thrown;
    },
  });
  const { tasks, states } = await engine.runToEnd({
    tasks: [task('a', { retries: 0 }), task('b')],
  });
  expect(states).toEqual({ a: 'failed', b: 'succeeded' });
  expect(tasks[0]?.failure).toMatchObject({ code: 'executor_error' });
});

/** Has outputs that are nested deeper than `JSON.stringify` can go, as a server's answer may be. */
class DeepStore extends MemoryStore {
  override async readOutputs(): ReturnType<MemoryStore['readOutputs']> {
    return [{ kind: 'output', value: nested(100_000) as JsonValue }];
  }
}

test('a task whose references cannot be put in fails, and nothing else', async () => {
  const long = 'too long to be cached '.repeat(200);
  const engine = new Engine(
    { a: () => ({ kind: 'succeeded', output: long }) },
    { store: new DeepStore() },
  );
  const needy = { depends_on: ['a'], input: `see \${tasks.a.output}`, retries: 0 };
  const { tasks, states } = await engine.runToEnd({
    tasks: [task('a'), task('b', needy), task('c', { depends_on: ['a'] })],
  });
  expect(states).toEqual({ a: 'succeeded', b: 'failed', c: 'succeeded' });
  expect(tasks[1]?.failure?.message).toMatch(/could not be prepared: Maximum call stack/);
});

test('asking again under a key that was answered fails its task, and does not go round for ever', async () => {
  const inputRequests = { name: { message: 'Who?' } };
  const engine = new Engine({ a: () => ({ kind: 'waiting', inputRequests }) });
  const flowId = await engine.submit({ tasks: [task('a', { retries: 2 })] });
  await engine.runner.start();
  await engine.isIn(flowId, 'a', 'waiting');
  await engine.flows.answerInputs(flowId, '', { name: 'Ada' });
  const { tasks } = await engine.ended(flowId);
  expect(tasks[0]?.failure).toMatchObject({ code: 'bad_outcome', retryable: false });
  expect(tasks[0]?.failure?.message).toMatch(/asks for "name" again/);
  expect(engine.executor.count('a')).toBe(2);
});
