import { expect, test } from 'vitest';
import { Recent } from './recent.ts';

test('what was set last is kept, what was set long before is not', () => {
  const recent = new Recent<number>(10);
  const kept = () => Array.from({ length: 100 }, (_, key) => recent.get(`${key}`) !== undefined);
  for (let key = 0; key < 100; key++) {
    recent.set(`${key}`, key);
    const from = Math.max(0, key - 9);
    expect(kept().slice(from, key + 1)).not.toContain(false);
    expect(kept().filter(Boolean).length).toBeLessThanOrEqual(20);
  }
});

test('the last value of a key counts, and none once it was deleted', () => {
  const recent = new Recent<number>(2);
  for (const value of [1, 2, 3]) recent.set('a', value);
  recent.set('b', 4);
  expect(recent.get('a')).toBe(3);
  recent.delete('a');
  expect(recent.get('a')).toBeUndefined();
  expect(recent.get('b')).toBe(4);
  recent.clear();
  expect(recent.get('b')).toBeUndefined();
});
