import type { Outcome } from '@tasked/core';
import { expect, test } from 'vitest';
import { MAX_OUTPUT_BYTES, storable } from './storable.ts';

test('an output that is JSON passes as it is, with its length', () => {
  const outcome: Outcome = { kind: 'succeeded', output: { a: [1, 'é'] } };
  expect(storable(outcome)).toEqual({ outcome, outputChars: '{"a":[1,"é"]}'.length });
});

test('the limit counts bytes, not characters', () => {
  const fits = '€'.repeat(Math.floor((MAX_OUTPUT_BYTES - 2) / 3));
  expect(storable({ kind: 'succeeded', output: fits }).outcome.kind).toBe('succeeded');
  const over = storable({ kind: 'succeeded', output: `${fits}€` }).outcome;
  expect(over).toMatchObject({ kind: 'failed', failure: { code: 'bad_output' } });
});

test('a failure keeps its reason when only its output is bad', () => {
  const failure = { code: 'exit_code', message: 'exit code 1', retryable: true };
  const bad = { kind: 'failed', failure, output: 1n } as unknown as Outcome;
  expect(storable(bad).outcome).toEqual({ kind: 'failed', failure });
});
