import { expect, it } from 'vitest';
import { pollIntervalMs } from './poll-interval.ts';

it.each([
  ['is a second at first', 0, 1_000],
  ['grows with the age of the task', 45_000, 4_500],
  ['is ten seconds at last', 3_600_000, 10_000],
  ['is a second when the clocks of two machines differ', -5_000, 1_000],
])('the interval %s', (_, ageMs, intervalMs) => {
  expect(pollIntervalMs(1_000, 1_000 + ageMs)).toBe(intervalMs);
});
