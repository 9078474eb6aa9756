import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TaskedError } from '@tasked/core';

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/** Where the parts of a data directory are. */
export interface DataDirectory {
  readonly path: string;
  readonly database: string;
  readonly runners: string;
}

/**
 * Makes the directory if it is missing, for this user alone and ignored by git, with an empty database
 * file in it. One that holds other things already keeps its mode and gets no `.gitignore`. Throws
 * `invalid_input` when `path` is not a directory, `unavailable` when it cannot be made or written.
 */
export function prepareDataDirectory(path: string): DataDirectory {
  const database = join(path, 'tasked.sqlite');
  const runners = join(path, 'runners');
  try {
    mkdirSync(path, { recursive: true, mode: DIRECTORY_MODE });
    if (readdirSync(path).length === 0) {
      createFile(join(path, '.gitignore'), '*\n');
    }
    createFile(database, '');
    mkdirSync(runners, { recursive: true, mode: DIRECTORY_MODE });
  } catch (error) {
    throw explain(error, path);
  }
  return { path, database, runners };
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
