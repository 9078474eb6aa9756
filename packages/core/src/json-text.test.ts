import { expect, it } from 'vitest';
import type { JsonValue } from './json.ts';
import { decodeJson, encodeJson } from './json-text.ts';

it('gives a new value at every decoding', () => {
  const text = encodeJson({ list: [1] }, 'it');
  expect(decodeJson(text)).toEqual({ list: [1] });
  expect(decodeJson(text)).not.toBe(decodeJson(text));
});

const cyclic: unknown[] = [];
cyclic.push(cyclic);

it.each([
  ['undefined', undefined],
  ['a function', () => 1],
  ['a big integer', 1n],
  ['a cycle', cyclic],
])('%s is refused by name', (_, value) => {
  expect(() => encodeJson(value as JsonValue, 'the output of task a')).toThrow(
    expect.objectContaining({
      code: 'invalid_input',
      message: expect.stringContaining('the output of task a'),
    }),
  );
});
