import { accessSync, constants, realpathSync } from 'node:fs';
import { type Check, fail, ok } from './check.ts';

const SHELL = '/bin/sh';

/** Whether shell tasks have a shell. */
export function shellCheck(platform: NodeJS.Platform = process.platform, shell = SHELL): Check {
  if (platform === 'win32') {
    return fail('shell', 'Windows has no /bin/sh', 'run Tasked inside WSL, or use http tasks only');
  }
  try {
    accessSync(shell, constants.X_OK);
    const path = realpathSync(shell);
    return ok('shell', path === shell ? shell : `${shell} (${path})`);
  } catch {
    return fail(
      'shell',
      `${shell} cannot be run`,
      'install a shell there, for shell tasks need it',
    );
  }
}
