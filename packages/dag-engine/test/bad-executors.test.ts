import type { Outcome } from '@tasked/core';
import { expect, test } from 'vitest';
import { Engine, task } from './engine.ts';

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

const BAD_OUTPUTS: readonly (readonly [string, unknown, RegExp])[] = [
  ['a BigInt', 10n, /BigInt/],
  ['a cycle', cyclic, /circular/i],
  ['a function', () => 1, /function/],
  ['a symbol', Symbol('x'), /symbol/],
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
