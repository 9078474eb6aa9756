import { expect, it } from 'vitest';
import { trackByEnvironment, trackByRecord } from './process-tracking.ts';
import { createShellExecutor, shellExecutor } from './shell-executor.ts';

it('is the executor of shell tasks, whose command keeps its references', () => {
  const { type, rawFields } = shellExecutor();
  expect({ type, rawFields }).toEqual({ type: 'shell', rawFields: ['command'] });
});

it('says at submit that it does not run on Windows', () => {
  const shell = createShellExecutor({}, trackByEnvironment(), 'win32');
  expect(shell.check({ command: 'dir' })).toEqual([
    { path: 'command', message: expect.stringContaining('does not run on Windows') },
  ]);
});

it('reclaims nothing where neither /proc nor a directory for records is there', () => {
  const shell = createShellExecutor({}, trackByRecord(null), 'darwin');
  expect(shell.reclaim).toBeUndefined();
});

it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
  'refuses a grace of %s ms',
  (graceMs) => {
    expect(() => shellExecutor({ graceMs })).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    );
  },
);
