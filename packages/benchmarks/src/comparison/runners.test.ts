import { expect, it } from 'vitest';
import { mostAtOnce } from './runners.ts';

it('counts the spans that overlap in one moment', () => {
  expect(mostAtOnce([])).toBe(0);
  expect(mostAtOnce([[1, 5]])).toBe(1);
  expect(
    mostAtOnce([
      [1, 5],
      [2, 3],
      [2.5, 6],
      [5.5, 7],
    ]),
  ).toBe(3);
});

it('does not count one that ends as another begins', () => {
  expect(
    mostAtOnce([
      [1, 2],
      [2, 3],
    ]),
  ).toBe(1);
});
