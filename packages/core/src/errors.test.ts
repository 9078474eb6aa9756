import { describe, expect, test } from 'vitest';
import { ERROR_CODES, isTaskedError, TaskedError } from './errors.ts';

describe('TaskedError', () => {
  test.each(ERROR_CODES)('carries the code %s, a message and a name', (code) => {
    const error = new TaskedError(code, 'what to do');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'TaskedError', code, message: 'what to do' });
    expect(error.details).toBeUndefined();
    expect('cause' in error).toBe(false);
  });

  test('carries details and a cause when there are any', () => {
    const cause = new Error('disk full');
    const error = new TaskedError('unavailable', 'no', { details: { faults: [] }, cause });
    expect(error.details).toEqual({ faults: [] });
    expect(error.cause).toBe(cause);
  });

  test('shows no brand when its fields are listed', () => {
    expect(Object.getOwnPropertySymbols({ ...new TaskedError('internal', 'x') })).toEqual([]);
  });
});

describe('isTaskedError', () => {
  test('knows an error of another installed copy', async () => {
    const copy: typeof import('./errors.ts') = await import(`${'./errors.ts'}?another-copy`);
    expect(copy.TaskedError).not.toBe(TaskedError);
    const foreign = new copy.TaskedError('not_found', 'x');
    expect(foreign).not.toBeInstanceOf(TaskedError);
    expect(isTaskedError(foreign)).toBe(true);
  });

  test.each([
    ['another error', new Error('x')],
    ['what only looks like one', { name: 'TaskedError', code: 'internal', message: 'x' }],
    ['null', null],
    ['a text', 'TaskedError'],
    ['nothing', undefined],
  ])('is false for %s', (_, value) => {
    expect(isTaskedError(value)).toBe(false);
  });
});
