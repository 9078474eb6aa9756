import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { hasEnded, THIS_PROCESS } from './process-identity.ts';

it('a process that runs has not ended, one that was killed has', async () => {
  expect(hasEnded(THIS_PROCESS)).toBe(false);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)']);
  const identity = THIS_PROCESS.replace(/^\d+/, String(child.pid));
  expect(hasEnded(identity)).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(hasEnded(identity)).toBe(true);
});

it('of processes of another machine or container nothing can be told', () => {
  expect(hasEnded('999999999@elsewhere')).toBe(false);
});
