import { describe, expect, test } from 'vitest';
import { randomIds } from './random-ids.ts';

describe.each([
  ['flowId', 'f'],
  ['runnerId', 'r'],
] as const)('%s', (make, prefix) => {
  const ids = Array.from({ length: 10_000 }, () => randomIds[make]());

  test(`is ${prefix}_ and 22 characters that are safe in URLs and file names`, () => {
    const form = new RegExp(`^${prefix}_[A-Za-z0-9_-]{22}$`);
    expect(ids.filter((id) => !form.test(id))).toEqual([]);
  });

  test('never repeats', () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is 128 bits, each of them random', () => {
    const bytes = ids.map((id) => Buffer.from(id.slice(2), 'base64url'));
    for (let bit = 0; bit < 128; bit++) {
      const ones = bytes.filter((id) => ((id[bit >> 3] as number) >> (bit & 7)) & 1).length;
      expect(ones / ids.length).toBeCloseTo(0.5, 1);
    }
  });
});
