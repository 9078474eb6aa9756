import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where programs of this user keep what they can do without; null when there is no such place. */
export function userCacheDirectory(
  platform: NodeJS.Platform,
  { XDG_CACHE_HOME: xdg = '', LOCALAPPDATA: local = '' }: NodeJS.ProcessEnv,
): string | null {
  // A relative path is to be ignored (XDG Base Directory Specification).
  if (isAbsolute(xdg)) return xdg;
  if (platform === 'win32' && local !== '') return local;
  const home = homeDirectory();
  if (home === null) return null;
  return join(home, platform === 'darwin' ? 'Library/Caches' : '.cache');
}

/** A container may run as a user that the system does not know. */
function homeDirectory(): string | null {
  try {
    const home = homedir();
    return home === '' ? null : home;
  } catch {
    return null;
  }
}
