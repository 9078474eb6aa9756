import { expect, it } from 'vitest';
import { Lease } from './lease.ts';

const START = 50_000;

it('a heart that stands still for a whole lease has expired, and not a moment before', () => {
  const lease = new Lease(1_000);
  const heart = { id: 'r_1', beat: 7 };
  expect(lease.hasExpired(heart, 0, START)).toBe(false);
  expect(lease.hasExpired(heart, 0, START + 999)).toBe(false);
  expect(lease.hasExpired(heart, 0, START + 1_000)).toBe(true);
});

it('every beat begins the lease anew', () => {
  const lease = new Lease(1_000);
  lease.hasExpired({ id: 'r_1', beat: 7 }, 0, START);
  lease.hasExpired({ id: 'r_1', beat: 8 }, 0, START + 900);
  expect(lease.hasExpired({ id: 'r_1', beat: 8 }, 0, START + 1_800)).toBe(false);
  expect(lease.hasExpired({ id: 'r_1', beat: 8 }, 0, START + 1_900)).toBe(true);
});

it('time without a connection does not count', () => {
  const lease = new Lease(1_000);
  const heart = { id: 'r_1', beat: 7 };
  lease.hasExpired(heart, 0, START);
  expect(lease.hasExpired(heart, START + 5_000, START + 5_500)).toBe(false);
  expect(lease.hasExpired(heart, START + 5_000, START + 6_000)).toBe(true);
});
