import { isTaskedError } from '@tasked/core';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { explainSqliteError, isBusy } from './sqlite-error.ts';

const sqliteError = (code: string) => new BetterSqlite3.SqliteError('it says so', code);

it.each([
  ['SQLITE_NOTADB', 'invalid_input'],
  ['SQLITE_CORRUPT', 'unavailable'],
  ['SQLITE_CORRUPT_INDEX', 'unavailable'],
  ['SQLITE_FULL', 'unavailable'],
  ['SQLITE_BUSY', 'unavailable'],
  ['SQLITE_READONLY_DBMOVED', 'unavailable'],
  ['SQLITE_CANTOPEN', 'unavailable'],
  ['SQLITE_IOERR_WRITE', 'unavailable'],
  ['SQLITE_PERM', 'unavailable'],
  ['SQLITE_MISMATCH', 'internal'],
])('%s is %s, and names the file', (code, expected) => {
  const explained = explainSqliteError(sqliteError(code), '/data/tasked.sqlite');
  expect(isTaskedError(explained)).toBe(true);
  expect(explained).toMatchObject({
    code: expected,
    message: expect.stringContaining('/data/tasked.sqlite'),
  });
});

it('leaves every other error as it is', () => {
  for (const error of [new Error('boom'), Object.assign(new Error('x'), { code: 'ENOENT' }), 'x']) {
    expect(explainSqliteError(error, 'file')).toBe(error);
  }
});

it('only a lock that somebody else holds is worth waiting for', () => {
  expect(isBusy(sqliteError('SQLITE_BUSY'))).toBe(true);
  expect(isBusy(sqliteError('SQLITE_BUSY_RECOVERY'))).toBe(true);
  expect(isBusy(sqliteError('SQLITE_FULL'))).toBe(false);
  expect(isBusy(new Error('busy'))).toBe(false);
});
