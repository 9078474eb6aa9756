import { expect, it } from 'vitest';
import { attemptMarker, isMarkedUpTo } from './attempt-marker.ts';

const ref = { flowId: 'f_a', taskId: 'b', fence: 10 };

it('names flow, task and fence', () => {
  expect(attemptMarker(ref)).toBe('f_a/b/10');
});

it.each([
  ['f_a/b/10', true],
  ['f_a/b/9', true],
  ['f_a/b/11', false],
  ['f_a/b/100', false],
  ['f_a/b/', false],
  ['f_a/b/1x', false],
  ['f_a/b/-1', false],
  ['f_a/b/1/2', false],
  ['f_a/b2/1', false],
  ['f_a/c/10', false],
  ['f_b/b/10', false],
  ['', false],
])('%s belongs to the attempt or an earlier one: %s', (marker, belongs) => {
  expect(isMarkedUpTo(ref, marker)).toBe(belongs);
});
