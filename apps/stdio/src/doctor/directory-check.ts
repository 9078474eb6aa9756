import { accessSync, constants, existsSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Check, fail, ok, warn } from './check.ts';

const NAME = 'data directory';

/** Whether the directory is there, or can be made, is ours and can be written. `path` is absolute. */
export function directoryCheck(path: string): Check {
  const stats = statOf(path);
  if (stats === null) return missing(path);
  if (!stats.isDirectory()) {
    return fail(NAME, `${path} is a file`, 'name a directory: --data-dir DIR');
  }
  if (!mayWrite(path)) {
    return fail(NAME, `${path} cannot be written`, `allow this user to: chmod u+rwx ${path}`);
  }
  const uid = process.geteuid?.();
  if (uid !== undefined && stats.uid !== uid) {
    return warn(
      NAME,
      `${path} belongs to another user (${stats.uid}, this is ${uid})`,
      'start all servers and workers as one user',
    );
  }
  if ((stats.mode & 0o077) !== 0 && process.platform !== 'win32') {
    return warn(NAME, `${path} is open to others`, `keep it to yourself: chmod 700 ${path}`);
  }
  return ok(NAME, path);
}

function missing(path: string): Check {
  const parent = nearestExisting(path);
  if (!statSync(parent).isDirectory()) {
    return fail(NAME, `${path} lies in a file (${parent})`, 'name a directory: --data-dir DIR');
  }
  if (mayWrite(parent)) return ok(NAME, `${path} (the first server or worker makes it)`);
  return fail(NAME, `${path} cannot be made in ${parent}`, 'name another one: --data-dir DIR');
}

/** The nearest directory above, or file, that is there. */
export function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
