import { describe, expect, it } from 'vitest';
import { readExpiry } from './expiry.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');

describe('readExpiry', () => {
  it.each([
    ['12h', '2026-06-01T12:00:00.000Z'],
    ['90d', '2026-08-30T00:00:00.000Z'],
    ['2w', '2026-06-15T00:00:00.000Z'],
    ['1y', '2027-06-01T00:00:00.000Z'],
    ['2026-06-02', '2026-06-02T00:00:00.000Z'],
    ['2026-06-02T08:30Z', '2026-06-02T08:30:00.000Z'],
  ])('reads %s', (text, at) => expect(readExpiry(text, NOW)).toBe(Date.parse(at)));

  it.each(['', '90', '0d', '-1d', '90 days', '2026-06-01', '2026-02-30', '2027-02-30', 'never'])(
    'refuses %j',
    (text) => expect(readExpiry(text, NOW)).toBe(null),
  );
});
