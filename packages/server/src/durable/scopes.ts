import { TaskedError } from '@tasked/core';

/** Every scope there is: where callers are not told apart by what they may do. */
export const ALL_SCOPES: readonly string[] = ['*'];

/** The words of a scope as it is written: separated by spaces (RFC 6749, section 3.3). Throws `invalid_input` for none. */
export function scopeWords(scope: string | undefined): readonly string[] {
  if (scope === undefined) return [];
  const words = scope.split(/\s+/).filter((word) => word !== '');
  if (words.length > 0) return words;
  throw new TaskedError('invalid_input', 'a scope needs at least one word; leave it out for none');
}

/** Throws `forbidden`, naming what is missing, for a caller who does not have all of the words. */
export function refuseWithout(
  words: readonly string[],
  scopes: readonly string[],
  tool: string,
): void {
  if (scopes.includes('*')) return;
  const missing = words.filter((word) => !scopes.includes(word));
  if (missing.length === 0) return;
  const message = `you may not call ${tool}: it needs the scope ${missing.join(' ')}, which this caller does not have`;
  throw new TaskedError('forbidden', message, { details: { missing_scopes: missing } });
}
