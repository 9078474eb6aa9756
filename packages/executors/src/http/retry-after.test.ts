import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-02-03T10:00:00Z');

describe('retryAfterMs', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Tue, 03 Feb 2026 10:00:30 GMT', 30_000],
    ['Tuesday, 03-Feb-26 10:00:30 GMT', 30_000],
    ['Tue Feb  3 10:00:30 2026', 30_000],
    ['Tue, 03 Feb 2026 09:00:00 GMT', 0],
    ['', null],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['2026-02-03', null],
    ['Tue, 99 Feb 2026 10:00:30 GMT', null],
  ])('reads "%s" as %s', (text, ms) => {
    expect(retryAfterMs({ 'retry-after': text }, now)).toBe(ms);
  });

  it('is null without the header', () => {
    expect(retryAfterMs({}, now)).toBeNull();
  });

  it('compares a date with the clock of the server, which may be wrong', () => {
    const headers = {
      date: 'Tue, 03 Feb 2026 11:00:00 GMT',
      'retry-after': 'Tue, 03 Feb 2026 11:00:30 GMT',
    };
    expect(retryAfterMs(headers, now)).toBe(30_000);
    expect(retryAfterMs({ ...headers, date: 'today' }, now)).toBe(3_630_000);
  });
});
