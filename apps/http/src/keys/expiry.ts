import type { EpochMs } from '@tasked/core';

const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, number>> = {
  h: HOUR_MS,
  d: 24 * HOUR_MS,
  w: 7 * 24 * HOUR_MS,
  y: 365 * 24 * HOUR_MS,
};

const DURATION = /^(\d{1,5})([hdwy])$/;
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/;

/**
 * The moment that a text names: a time from now (`12h`, `90d`, `8w`, `1y`), or a date or time in UTC
 * (`2030-01-31`, `2030-01-31T12:00Z`). Null for anything else, and for what is past.
 */
export function readExpiry(text: string, now: EpochMs): EpochMs | null {
  const [, count, unit = ''] = DURATION.exec(text) ?? [];
  const at = count === undefined ? dateOf(text) : now + Number(count) * (UNITS[unit] ?? 0);
  return at > now && at <= 8.64e15 ? at : null;
}

/** NaN for a day that there is not, such as February 30. */
function dateOf(text: string): number {
  if (!DATE.test(text)) return Number.NaN;
  const at = Date.parse(text);
  const isReal = !Number.isNaN(at) && new Date(at).toISOString().startsWith(text.slice(0, 10));
  return isReal ? at : Number.NaN;
}
