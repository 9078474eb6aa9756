import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kindOf, shorten, showValue } from './show-value.ts';

test.each([
  [null, null],
  [true, true],
  [-1.5, -1.5],
  [-0, 0],
  ['é', 'é'],
  [[1, 'a'], "[ 1, 'a' ]"],
  [{ a: { b: { c: 1 } } }, '{ a: { b: [Object] } }'],
  [Number.NaN, 'NaN'],
  [10n, '10n'],
  [undefined, 'undefined'],
])('%o is shown as %o', (value, shown) => {
  expect(showValue(value)).toEqual(shown);
});

test('what is long is cut, and its length told', () => {
  expect(shorten('x'.repeat(101))).toBe(`${'x'.repeat(100)}… (101 characters)`);
  expect(shorten('x'.repeat(100))).toBe('x'.repeat(100));
});

test('no character is cut in half', () => {
  expect(shorten(`${'x'.repeat(99)}😀`).isWellFormed()).toBe(true);
});

test('whatever it is, it is shown as short JSON', () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withNullPrototype: true, withSet: true }),
      (value) => {
        const shown = showValue(value);
        expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
        expect(JSON.stringify(shown).length).toBeLessThan(700);
        expect(kindOf(value)).not.toBe('');
      },
    ),
  );
});
