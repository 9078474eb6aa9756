import { expect, it } from 'vitest';
import { type Heart, Lease } from './lease.ts';

const START = 50_000;
const HEART = { id: 'r_1', beat: 7 };

it('a heart that stands still for a whole lease has expired, and not a moment before', () => {
  const lease = new Lease(1_000);
  expect(watch(lease, HEART, { from: START, to: START + 999 })).toBe(false);
  expect(lease.hasExpired(HEART, 0, START + 1_000)).toBe(true);
});

it('every beat begins the lease anew', () => {
  const lease = new Lease(1_000);
  watch(lease, HEART, { from: START, to: START + 900 });
  const next = { id: 'r_1', beat: 8 };
  expect(watch(lease, next, { from: START + 900, to: START + 1_800 })).toBe(false);
  expect(lease.hasExpired(next, 0, START + 1_900)).toBe(true);
});

it('time without a connection does not count', () => {
  const lease = new Lease(1_000);
  watch(lease, HEART, { from: START, to: START + 800 });
  expect(lease.hasExpired(HEART, START + 5_000, START + 5_100)).toBe(false);
  expect(lease.hasExpired(HEART, START + 5_000, START + 5_199)).toBe(false);
  expect(lease.hasExpired(HEART, START + 5_000, START + 5_200)).toBe(true);
});

it('time in which the observer itself was frozen does not count', () => {
  const lease = new Lease(1_000);
  watch(lease, HEART, { from: START, to: START + 200 });
  expect(lease.hasExpired(HEART, 0, START + 90_000)).toBe(false);
});

/** Looks every 50 ms and at the end; what the last look told. */
function watch(lease: Lease, heart: Heart, span: { from: number; to: number }): boolean {
  for (let now = span.from; now < span.to; now += 50) lease.hasExpired(heart, 0, now);
  return lease.hasExpired(heart, 0, span.to);
}
