import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { examineJson } from './examine-json.ts';
import { pathText } from './json-path.ts';

function nested(depth: number): unknown {
  let value: unknown = 'end';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

describe('examineJson', () => {
  test('gives the compact JSON of any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
        expect(examineJson(value)).toEqual({ kind: 'sound', json: JSON.stringify(value) });
      }),
    );
  });

  test('finds every flaw and its place', () => {
    const value = {
      a: [1, Number.NaN, undefined],
      b: { c: () => 1, d: 10n },
      '\ud800': new Date(0),
    };
    const exam = examineJson(value);
    expect(exam.kind === 'flawed' && exam.flaws.map(({ path }) => pathText(path))).toEqual([
      'a[1]',
      'a[2]',
      'b.c',
      'b.d',
      '',
      '["\ufffd"]',
    ]);
  });

  test('accepts 100 levels and no more', () => {
    expect(examineJson(nested(100)).kind).toBe('sound');
    expect(examineJson(nested(101))).toMatchObject({
      kind: 'flawed',
      flaws: [{ message: 'is nested more than 100 deep' }],
    });
  });

  test('does not follow 100,000 levels, nor a value that contains itself', () => {
    expect(examineJson(nested(100_000)).kind).toBe('flawed');
    const endless: unknown[] = [];
    endless.push(endless);
    expect(examineJson(endless).kind).toBe('flawed');
  });

  test('gives up early on lists that share their items without end', () => {
    let value: unknown = [];
    for (let level = 0; level < 90; level++) value = [value, value];
    expect(examineJson(value)).toEqual({ kind: 'too_large' });
  });

  test('takes objects without a prototype, and fields named __proto__', () => {
    expect(examineJson(Object.create(null))).toEqual({ kind: 'sound', json: '{}' });
    const text = '{"__proto__":[1]}';
    expect(examineJson(JSON.parse(text))).toEqual({ kind: 'sound', json: text });
  });
});
