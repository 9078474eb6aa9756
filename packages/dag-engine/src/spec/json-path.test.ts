import { expect, test } from 'vitest';
import { joinPaths, pathText } from './json-path.ts';

test.each([
  [[], ''],
  [['tasks', 2, 'config', 'env', 'A_B-c'], 'tasks[2].config.env.A_B-c'],
  [['a b', 0, '9', 'x.y', ''], '["a b"][0]["9"]["x.y"][""]'],
  [['quote"'], '["quote\\""]'],
])('%j is written %s', (path, text) => {
  expect(pathText(path)).toBe(text);
});

test.each([
  ['a', 'b', 'a.b'],
  ['a', '[0]', 'a[0]'],
  ['a', '', 'a'],
  ['', 'b', 'b'],
])('%j and below it %j is %j', (outer, inner, joined) => {
  expect(joinPaths(outer, inner)).toBe(joined);
});
