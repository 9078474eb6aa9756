import { describe, expect, it } from 'vitest';
import { lastFenceOf, logDirectoryOf, logFileOf } from './log-path.ts';

describe('where logs lie', () => {
  it('says whose they are', () => {
    expect(logDirectoryOf('/logs', { flowId: 'f_Ab-1', taskId: 'build' })).toBe(
      '/logs/f_Ab-1/build',
    );
    expect(logFileOf(3, 'stderr')).toBe('3.stderr');
  });

  it('is apart for ids that differ only in case, also where file names ignore it', () => {
    const ids = ['ab', 'Ab', 'aB', 'AB', 'a-B', 'A-b', '__proto__', '__PROTO__'];
    const names = ids.map((taskId) => logDirectoryOf('/logs', { flowId: 'f_1', taskId }));
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(ids.length);
  });

  it('fits a file name for the longest id', () => {
    const directory = logDirectoryOf('', { flowId: 'f_1', taskId: 'W'.repeat(128) });
    expect(directory.split('/').at(-1)?.length).toBeLessThanOrEqual(255);
  });

  it.each(['..', '.', '', 'a/b', '../../etc', 'a\0b', 'a.b'])('is nowhere for the id %j', (id) => {
    const refusal = expect.objectContaining({ code: 'invalid_input' });
    expect(() => logDirectoryOf('/logs', { flowId: 'f_1', taskId: id })).toThrow(refusal);
    expect(() => logDirectoryOf('/logs', { flowId: id, taskId: 'a' })).toThrow(refusal);
  });
});

it('the last attempt that logged is found by number', () => {
  expect(lastFenceOf([])).toBeNull();
  expect(lastFenceOf(['9.stdout', '10.stderr', '2.log'])).toBe(10);
  expect(lastFenceOf(['9.stdout', '.DS_Store'])).toBe(9);
  expect(lastFenceOf(['.DS_Store'])).toBeNull();
});
