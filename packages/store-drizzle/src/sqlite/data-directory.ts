import { closeSync, mkdirSync, openSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TaskedError } from '@tasked/core';

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/** Where the parts of a data directory are; the same paths however the directory was named. */
export interface DataDirectory {
  readonly database: string;
  readonly runners: string;
}

/**
 * Makes the directory if it is missing, for this user alone and ignored by git, with an empty database
 * file in it. One that holds other things already keeps its mode and gets no `.gitignore`. Throws
 * `invalid_input` when it is not a directory, `unavailable` when it cannot be made or written.
 */
export function prepareDataDirectory(dataDir: string): DataDirectory {
  try {
    mkdirSync(dataDir, { recursive: true, mode: DIRECTORY_MODE });
    const path = realpathSync(dataDir);
    if (readdirSync(path).length === 0) createFile(join(path, '.gitignore'), '*\n');
    const database = join(path, 'tasked.sqlite');
    createFile(database, '');
    const runners = join(path, 'runners');
    mkdirSync(runners, { recursive: true, mode: DIRECTORY_MODE });
    return { database, runners };
  } catch (error) {
    throw explain(error, dataDir);
  }
}

/** Creates a directory for this user alone inside one that is there; leaves one that exists alone. */
export function createDirectory(path: string): void {
  try {
    mkdirSync(path, DIRECTORY_MODE);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

/**
 * Creates a file with its mode before SQLite opens it; leaves one that exists alone, since opening and
 * closing it here would drop the locks that SQLite holds on it in this process.
 */
export function createFile(path: string, content: string): void {
  try {
    const file = openSync(path, 'wx', FILE_MODE);
    try {
      writeFileSync(file, content);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

function explain(error: unknown, path: string): unknown {
  if (hasCode(error, 'EEXIST') || hasCode(error, 'ENOTDIR')) {
    return new TaskedError(
      'invalid_input',
      `the data directory ${path} is or lies in a file: name a directory`,
      { cause: error },
    );
  }
  if (hasCode(error, 'EACCES') || hasCode(error, 'EPERM') || hasCode(error, 'EROFS')) {
    return new TaskedError(
      'unavailable',
      `the data directory ${path} cannot be written: allow this user to, or name another`,
      { cause: error },
    );
  }
  if (hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')) {
    return new TaskedError('unavailable', `the disk of ${path} is full: free some space`, {
      cause: error,
    });
  }
  return error;
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
