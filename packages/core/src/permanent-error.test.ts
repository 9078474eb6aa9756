import { expect, test } from 'vitest';
import { isPermanentError, PermanentError } from './permanent-error.ts';

test('a permanent error is known by its brand, with its code and cause', () => {
  const cause = new Error('why');
  const error = new PermanentError('no such file', { code: 'no_file', cause });
  expect(error).toMatchObject({ message: 'no such file', code: 'no_file', cause });
  expect(isPermanentError(error)).toBe(true);
  expect(new PermanentError('no').code).toBe('permanent_error');
});

test.each([[new Error('no')], ['no'], [null], [undefined]])('%s is none', (error) => {
  expect(isPermanentError(error)).toBe(false);
});
