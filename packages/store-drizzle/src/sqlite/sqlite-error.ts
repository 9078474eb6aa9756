import { TaskedError } from '@tasked/core';

/** True when another process (or another connection of this one) holds the lock that a call needs. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED');
}

/**
 * What a failure of SQLite means to whoever uses the store: `invalid_input` when the file is not ours to
 * use, `unavailable` when it cannot be used now, `internal` for a mistake of ours. Any other error is
 * returned as it is.
 */
export function explainSqliteError(error: unknown, file: string): unknown {
  const code = codeOf(error);
  if (code === '') return error;
  const known = EXPLANATIONS.find(([prefix]) => code.startsWith(prefix));
  if (known === undefined) {
    return new TaskedError('internal', `${file}: ${(error as Error).message}`, { cause: error });
  }
  const [, kind, explanation] = known;
  return new TaskedError(kind, `${file} ${explanation}`, { cause: error });
}

const EXPLANATIONS: readonly (readonly [string, 'invalid_input' | 'unavailable', string])[] = [
  ['SQLITE_NOTADB', 'invalid_input', 'is not a database: choose another data directory'],
  [
    'SQLITE_CORRUPT',
    'unavailable',
    'is damaged: restore it from a backup, or move it away to begin anew',
  ],
  [
    'SQLITE_FULL',
    'unavailable',
    'cannot grow, the disk is full: free some space; nothing that was acknowledged is lost',
  ],
  [
    'SQLITE_BUSY',
    'unavailable',
    'stayed locked by another process: end the one that holds it, and try again',
  ],
  [
    'SQLITE_READONLY',
    'unavailable',
    'cannot be written: allow this user to write to it and to its directory',
  ],
  [
    'SQLITE_CANTOPEN',
    'unavailable',
    'cannot be opened: check that it exists and that this user may read and write it',
  ],
  ['SQLITE_PERM', 'unavailable', 'may not be opened by this user: check its permissions'],
  ['SQLITE_IOERR', 'unavailable', 'cannot be read or written: check the disk it lies on'],
];

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_') ? error.code : '';
}
