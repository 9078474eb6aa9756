import { expect, it } from 'vitest';
import { startFailure } from './start-failure.ts';

const launch = { file: 'tool', args: [], env: { PATH: '/bin' }, cwd: '/', input: null };

it.each(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'])('%s passes: it may be tried again', (code) => {
  expect(startFailure(launch, { code, message: '' })).toEqual({
    code: 'not_started',
    message: `tool could not be started: the machine is short of resources (${code})`,
    retryable: true,
  });
});

it.each(['ENOENT', 'EACCES', 'E2BIG'])('%s stays: it is not tried again', (code) => {
  expect(startFailure(launch, { code, message: '' }).retryable).toBe(false);
});

it('repeats what the system says of anything else', () => {
  expect(startFailure(launch, { code: 'ELOOP', message: 'spawn ELOOP' }).message).toBe(
    'tool could not be started: spawn ELOOP',
  );
});
