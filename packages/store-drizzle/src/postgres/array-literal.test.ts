import { expect, it } from 'vitest';
import { arrayLiteral } from './array-literal.ts';

it('writes numbers, truth values and what is absent as they are', () => {
  expect(arrayLiteral([1, -0.5, 1e21, true, null])).toBe('{1,-0.5,1e+21,true,null}');
  expect(arrayLiteral([])).toBe('{}');
});

it('keeps every text apart from the syntax around it', () => {
  expect(arrayLiteral(['null', '', 'a,b', '{"a":"\\n"}'])).toBe(
    String.raw`{"null","","a,b","{\"a\":\"\\n\"}"}`,
  );
});
