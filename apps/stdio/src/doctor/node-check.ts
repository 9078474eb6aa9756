import { type Check, fail, ok } from './check.ts';

/** Oldest version on which the store's native module runs; the program itself starts on no older one. */
const OLDEST = { major: 22, minor: 18 };

/** Whether this Node.js is new enough. */
export function nodeCheck(version: string, execPath: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const found = `${version} (${execPath})`;
  const isNew = major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
  if (isNew) return ok('node', found);
  return fail('node', found, 'install Node.js 22.18 or newer from https://nodejs.org');
}
