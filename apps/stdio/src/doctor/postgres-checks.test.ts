import { describe, expect, it } from 'vitest';
import type { Check } from './check.ts';
import {
  connectionsCheck,
  notificationsCheck,
  schemaCheck,
  serverClockCheck,
} from './postgres-checks.ts';

/** The status, when what is not well comes with advice. */
function statusOf({ status, advice }: Check): Check['status'] {
  expect(advice === null).toBe(status === 'ok');
  return status;
}

describe('the doctor of PostgreSQL', () => {
  it.each([
    [{ kind: 'none', mayCreate: true }, 'ok'],
    [{ kind: 'none', mayCreate: false }, 'fail'],
    [{ kind: 'foreign', mayCreate: true }, 'fail'],
    [{ kind: 'ours', version: 2, known: 2, mayUse: true }, 'ok'],
    [{ kind: 'ours', version: 1, known: 2, mayUse: true }, 'ok'],
    [{ kind: 'ours', version: 3, known: 2, mayUse: true }, 'fail'],
    [{ kind: 'ours', version: 2, known: 2, mayUse: false }, 'fail'],
  ] as const)('judges the schema %o', (schema, status) => {
    expect(statusOf(schemaCheck(schema))).toBe(status);
  });

  it('warns of poolers through which nothing is heard', () => {
    expect(statusOf(notificationsCheck(true, false))).toBe('ok');
    expect(statusOf(notificationsCheck(false, false))).toBe('warn');
    expect(statusOf(notificationsCheck(true, true))).toBe('ok');
    expect(statusOf(notificationsCheck(false, true))).toBe('fail');
  });

  it('leaves the connections of a pooler to the pooler', () => {
    expect(statusOf(connectionsCheck({ max: 100, inUse: 100, perProcess: 0 }))).toBe('ok');
  });

  it.each([
    [10, 'ok'],
    [85, 'warn'],
    [95, 'fail'],
    [103, 'fail'],
  ])('judges %d of 100 connections in use', (inUse, status) => {
    const check = connectionsCheck({ max: 100, inUse, perProcess: 6 });
    expect(statusOf(check)).toBe(status);
    expect(check.found).toContain('up to 6');
  });

  it.each([
    [500, 'ok', 'server'],
    [-500, 'ok', 'server'],
    [600_000, 'warn', '600 s behind'],
    [-5_000, 'warn', '5 s ahead'],
  ])('judges a server whose clock is %d ms ahead', (ahead, status, found) => {
    const check = serverClockCheck(ahead);
    expect(statusOf(check)).toBe(status);
    expect(check.found).toContain(found);
  });
});
