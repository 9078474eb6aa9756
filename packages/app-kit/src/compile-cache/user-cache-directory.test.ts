import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { userCacheDirectory } from './user-cache-directory.ts';

it('is where the system has it', () => {
  expect(userCacheDirectory('linux', {})).toBe(join(homedir(), '.cache'));
  expect(userCacheDirectory('darwin', {})).toBe(join(homedir(), 'Library/Caches'));
  expect(userCacheDirectory('win32', { LOCALAPPDATA: 'C:\\Local' })).toBe('C:\\Local');
});

it('is where the user wants it, if that is a place', () => {
  expect(userCacheDirectory('linux', { XDG_CACHE_HOME: '/elsewhere' })).toBe('/elsewhere');
  expect(userCacheDirectory('linux', { XDG_CACHE_HOME: 'here' })).toBe(join(homedir(), '.cache'));
});
