import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename } from 'node:path';

/** A shell that may stand behind /bin/sh somewhere. */
export type Shell = readonly [program: string, ...options: string[]];

const CANDIDATES: readonly Shell[] = [
  ['/bin/sh'],
  ['dash'],
  ['bash', '--posix'],
  ['bash'],
  ['busybox', 'sh'],
];

/** Those that are installed here; /bin/sh always is, and most often is one of the others. */
export const SHELLS: readonly Shell[] = CANDIDATES.filter(
  (shell) => basename(realpathSync('/bin/sh')) !== shell[0] || shell.length > 1,
).filter((shell) => runScript(shell, 'exit 0').status === 0);

/**
 * Runs a script to its end in the way the executor does, with nothing else in its environment. Without a HOME, bash
 * would read the .bashrc of whoever runs the tests: it takes a socket as its input for a login from afar.
 */
export function runScript(
  [program, ...options]: Shell,
  script: string,
  { env = {}, cwd = '/' }: { readonly env?: Record<string, string>; readonly cwd?: string } = {},
): { readonly status: number | null; readonly stdout: string; readonly timedOut: boolean } {
  const { status, stdout, error } = spawnSync(program, [...options, '-c', '--', script], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: '/nowhere', ...env },
    input: '',
    timeout: 10_000,
    killSignal: 'SIGKILL',
  });
  return { status, stdout: (stdout ?? '').toString(), timedOut: error !== undefined };
}
