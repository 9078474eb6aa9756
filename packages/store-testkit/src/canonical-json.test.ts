import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

it('does not depend on the order of keys', () => {
  expect(canonicalJson({ b: 1, a: [{ d: null, c: 'x' }] })).toBe(
    '{"a":[{"c":"x","d":null}],"b":1}',
  );
});

it('keeps keys that other code loses', () => {
  const value = JSON.parse('{"__proto__":1,"":2,"10":3,"9":4}');
  expect(canonicalJson(value)).toBe('{"":2,"10":3,"9":4,"__proto__":1}');
});

it('takes the two zeros for one number', () => {
  expect(canonicalJson([-0])).toBe(canonicalJson([0]));
});

it('tells apart what JSON tells apart', () => {
  const texts = [null, false, 0, '', '0', [], {}, [[]], [null]].map(canonicalJson);
  expect(new Set(texts).size).toBe(texts.length);
});
