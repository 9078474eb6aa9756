import { describe, expect, test } from 'vitest';
import { followPath } from './output-path.ts';

const output = JSON.parse(
  '{"stdout":"text","list":[{"a":1},null],"nothing":null,"__proto__":{"own":true}}',
);

describe('followPath', () => {
  test.each([
    [[], output],
    [['stdout'], 'text'],
    [['list', '0', 'a'], 1],
    [['nothing'], null],
    [['__proto__', 'own'], true],
  ])('finds what lies at %j', (path, value) => {
    expect(followPath(output, path)).toEqual({ kind: 'found', value });
  });

  test.each([
    [
      ['stdot'],
      'the output has no `stdot` (did you mean `stdout`?); it has stdout, list, nothing, __proto__',
    ],
    [['list', '2'], '`list` of the output is a list of 2, numbered from 0, which has no `2`'],
    [
      ['list', 'length'],
      '`list` of the output is a list of 2, numbered from 0, which has no `length`',
    ],
    [['list', '1', 'a'], '`list[1]` of the output is null, which has no `a`'],
    [['stdout', '0'], '`stdout` of the output is a text, which has no `0`'],
    [['constructor'], 'the output has no `constructor`; it has stdout, list, nothing, __proto__'],
    [['list', '0', 'toString'], '`list[0]` of the output has no `toString`; it has a'],
  ])('tells why nothing lies at %j', (path, why) => {
    expect(followPath(output, path)).toEqual({ kind: 'missing', why });
  });

  test('names at most 20 fields', () => {
    const wide = Object.fromEntries(Array.from({ length: 23 }, (_, index) => [`k${index}`, 0]));
    expect(followPath(wide, ['zz'])).toMatchObject({
      why: expect.stringMatching(/k19 and 3 more$/),
    });
    expect(followPath({}, ['a'])).toMatchObject({
      why: 'the output has no `a`; it has no fields at all',
    });
  });
});
