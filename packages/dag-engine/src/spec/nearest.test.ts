import { expect, test } from 'vitest';
import { nearestOf } from './nearest.ts';

test.each([
  ['a swapped pair', 'biuld', 'build'],
  ['a missing letter', 'dploy', 'deploy'],
  ['another case', 'Build', 'build'],
  ['other separators', 'runTests', 'run-tests'],
  ['a part of it', 'tests', 'run-tests'],
  ['the whole and more', 'deploy-to-staging', 'deploy'],
])('%s is near', (_, word, meant) => {
  expect(nearestOf(['build', 'deploy', 'run-tests'])(word)).toBe(meant);
});

test.each(['x', 'lint', 'zzzzz', ''])('%j is near to nothing', (word) => {
  expect(nearestOf(['build', 'deploy', 'run-tests'])(word)).toBeUndefined();
});

test('the nearest of several wins, and a misspelling before a part', () => {
  expect(nearestOf(['timeout_secs', 'timeouts', 'time'])('timeout')).toBe('timeouts');
});

test('the word itself and the exception are never suggested', () => {
  expect(nearestOf(['test-1', 'test-2', 'test-3'])('test-1', 'test-2')).toBe('test-3');
});
