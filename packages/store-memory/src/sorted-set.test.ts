import { expect, it } from 'vitest';
import { SortedSet } from './sorted-set.ts';

const set = () => new SortedSet<number, number>((a, b) => a - b);

it('keeps thousands of items in order, whatever the order of adding and deleting', () => {
  const numbers = set();
  for (let n = 0; n < 5_000; n++) numbers.add((n * 7_919) % 5_000);
  for (let n = 0; n < 5_000; n += 2) numbers.delete(n);
  expect(numbers.size).toBe(2_500);
  expect(numbers.first()).toBe(1);
  expect([...numbers.from(1)]).toEqual(Array.from({ length: 2_500 }, (_, n) => 2 * n + 1));
});

it('finds what comes after a place that holds nothing', () => {
  const numbers = set();
  for (const n of [10, 20]) numbers.add(n);
  expect([5, 10, 15, 20].map((place) => numbers.firstAfter(place))).toEqual([
    10,
    20,
    20,
    undefined,
  ]);
});

it('walks downwards from below a place, or from the end', () => {
  const numbers = set();
  for (const n of [1, 2, 3]) numbers.add(n);
  expect([...numbers.downwards()]).toEqual([3, 2, 1]);
  expect([...numbers.downwards(3)]).toEqual([2, 1]);
  expect([...numbers.downwards(2.5)]).toEqual([2, 1]);
});
