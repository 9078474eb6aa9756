import { expect, it } from 'vitest';
import { readScopes } from './scopes.ts';

it.each([
  ['a', ['a']],
  ['analysis:run, analysis:read,analysis:run', ['analysis:run', 'analysis:read']],
  ['*', ['*']],
])('%j are scopes', (text, scopes) => expect(readScopes(text)).toEqual(scopes));

it.each(['', 'a,', 'a b', 'a"b', 'a\\b', 'ä', 'x'.repeat(101)])('%j are none', (text) => {
  expect(readScopes(text)).toBeNull();
});
