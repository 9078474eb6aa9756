import { createRequire } from 'node:module';
import { TaskedError } from '@tasked/core';

type Driver = typeof import('better-sqlite3');

const require = createRequire(import.meta.url);
let loaded: Driver | undefined;

/**
 * better-sqlite3, which the application installs beside this package. It is loaded when a store is opened,
 * so that this package can be imported without it. Throws `unsupported` when it is not there.
 */
export function driver(): Driver {
  loaded ??= load();
  return loaded;
}

function load(): Driver {
  try {
    return require('better-sqlite3');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new TaskedError(
      'unsupported',
      'the SQLite store needs better-sqlite3, which is not installed: run npm install better-sqlite3',
      { cause: error },
    );
  }
}

/** False for what better-sqlite3 itself does not find. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Cannot find module 'better-sqlite3'");
}
