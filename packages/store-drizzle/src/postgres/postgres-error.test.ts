import { TaskedError } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import { explainLaterError, explainPostgresError, mayBeRepeated } from './postgres-error.ts';

describe('what a failure of PostgreSQL means', () => {
  it.each([
    ['ECONNREFUSED', 'unavailable'],
    ['CONNECTION_CLOSED', 'unavailable'],
    ['57P01', 'unavailable'],
    ['53300', 'unavailable'],
    ['08006', 'unavailable'],
    ['40P01', 'unavailable'],
    ['28P01', 'invalid_input'],
    ['3D000', 'invalid_input'],
    ['42501', 'forbidden'],
    ['22021', 'invalid_input'],
    ['42883', 'unsupported'],
    ['42601', 'internal'],
  ])('%s is %s', (code, expected) => {
    const error = Object.assign(new Error('it did not work'), { code });
    expect(explainPostgresError(error)).toMatchObject({
      code: expected,
      cause: error,
    });
  });

  it.each([
    ['28P01', 'unavailable'],
    ['3D000', 'unavailable'],
    ['42501', 'unavailable'],
    ['22021', 'invalid_input'],
    ['42883', 'unsupported'],
  ])('%s is %s to who uses a store that has been open', (code, expected) => {
    const error = Object.assign(new Error('it did not work'), { code });
    expect(explainLaterError(error)).toMatchObject({ code: expected, cause: error });
    expect(explainLaterError(error)).toMatchObject({ message: expect.stringContaining(code) });
  });

  it('says what the server said, but nothing of the driver', () => {
    const said = (code: string) =>
      explainPostgresError(Object.assign(new Error('it did not work'), { code }));
    for (const code of ['28P01', '53300']) {
      expect(said(code)).toMatchObject({ message: expect.stringContaining('it did not work') });
    }
    expect(said('CONNECTION_CLOSED')).toMatchObject({
      message: expect.not.stringContaining('it did not work'),
    });
  });

  it('says where the server was looked for', () => {
    const refused = Object.assign(new Error(), { code: 'ECONNREFUSED', address: '::1', port: 1 });
    const several = Object.assign(new AggregateError([refused]), { code: 'ECONNREFUSED' });
    const unknown = Object.assign(new Error(), { code: 'ENOTFOUND', hostname: 'nowhere' });
    const said = [refused, several, unknown].map((error) => explainPostgresError(error));
    expect(said).toMatchObject([
      { message: expect.stringContaining('(ECONNREFUSED at ::1:1)') },
      { message: expect.stringContaining('(ECONNREFUSED at ::1:1)') },
      { message: expect.stringContaining('(ENOTFOUND at nowhere)') },
    ]);
  });

  it('leaves other errors, and errors of Tasked, as they are', () => {
    const errors = [new Error('mine'), new TaskedError('invalid_input', 'known'), 'a text'];
    for (const error of errors) expect(explainPostgresError(error)).toBe(error);
  });
});

it('repeats what was undone by a deadlock or a conflict, and nothing else', () => {
  const codes = ['40P01', '40001', '57P01', 'ECONNRESET'];
  const repeated = codes.filter((code) => mayBeRepeated(Object.assign(new Error(), { code })));
  expect(repeated).toEqual(['40P01', '40001']);
});
