import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeeperThan } from './json-depth.ts';

test.each([
  ['1', 0],
  ['[]', 1],
  ['{"a":[{},[1,[]]]}', 4],
  ['["[[[[[",{"[":"}{{\\"[["}]', 2],
  ['["\\\\",[],"\\\\\\"[[["]', 2],
])('%s is nested %i deep', (json, depth) => {
  const padded = json.padEnd(100);
  expect(isDeeperThan(depth, padded)).toBe(false);
  if (depth > 0) expect(isDeeperThan(depth - 1, padded)).toBe(true);
});

test('every JSON text is as deep as its value', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
      : 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const json = JSON.stringify(value).padEnd(100);
      const depth = depthOf(value);
      expect(isDeeperThan(depth, json)).toBe(false);
      if (depth > 0) expect(isDeeperThan(depth - 1, json)).toBe(true);
    }),
  );
});
