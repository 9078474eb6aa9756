import { expect, it } from 'vitest';
import { TestAttempt } from '../test/attempt.ts';
import { noopExecutor } from './noop-executor.ts';

const noop = noopExecutor();

it('succeeds with its input as output', async () => {
  const input = { list: [1, 'two', null] };
  expect(await noop.run(new TestAttempt({}, { input }))).toEqual({
    kind: 'succeeded',
    output: input,
  });
});

it('succeeds with null when it has no input', async () => {
  expect(await noop.run(new TestAttempt({}))).toEqual({ kind: 'succeeded', output: null });
});

it('accepts an empty config only', () => {
  expect(noop.check({})).toEqual([]);
  expect(noop.check({ command: 'true', sleep_ms: 5 })).toEqual([
    { path: 'command', message: 'unknown field', got: 'true', expected: 'no fields: {}' },
    { path: 'sleep_ms', message: 'unknown field', got: 5, expected: 'no fields: {}' },
  ]);
});

it('says where a field of the task belongs that stands in the config', () => {
  expect(noop.check({ input: 1 })[0]?.message).toBe(
    'unknown field; `input` of the task stands beside `config`',
  );
});
