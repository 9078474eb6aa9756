import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryDelayMs } from './retry.ts';

const policy = { retries: 10, backoffMs: 1_000, maxBackoffMs: 60_000 };
const noJitter = () => 0;
const almostOne = () => 1 - Number.EPSILON;

describe('retryDelayMs', () => {
  test.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [6, 32_000],
    [7, 60_000],
    [10_000, 60_000],
  ])('after attempt %i waits %i ms when jitter takes nothing away', (attempt, delay) => {
    expect(retryDelayMs(policy, attempt, noJitter)).toBe(delay);
  });

  test('jitter takes away up to half', () => {
    expect(retryDelayMs(policy, 3, almostOne)).toBe(2_000);
    expect(retryDelayMs(policy, 3, () => 0.5)).toBe(3_000);
  });

  test('the cap holds for the first delay too', () => {
    expect(retryDelayMs({ ...policy, maxBackoffMs: 10 }, 1, noJitter)).toBe(10);
  });

  test('without backoff there is no delay', () => {
    expect(retryDelayMs({ ...policy, backoffMs: 0 }, 5, noJitter)).toBe(0);
  });

  test('is a whole number between half the capped delay and all of it, and never shrinks', () => {
    const ms = fc.integer({ min: 0, max: 86_400_000 });
    const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        ms,
        ms,
        fc.integer({ min: 1, max: 5_000 }),
        dice,
        (backoffMs, maxBackoffMs, attempt, roll) => {
          const own = { retries: 1, backoffMs, maxBackoffMs };
          const most = retryDelayMs(own, attempt, noJitter);
          const delay = retryDelayMs(own, attempt, () => roll);
          expect(Number.isSafeInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(Math.floor(most / 2));
          expect(delay).toBeLessThanOrEqual(most);
          expect(most).toBeLessThanOrEqual(maxBackoffMs);
          expect(retryDelayMs(own, attempt + 1, noJitter)).toBeGreaterThanOrEqual(most);
        },
      ),
    );
  });
});
