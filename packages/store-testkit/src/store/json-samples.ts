import type { JsonObject, JsonValue } from '@tasked/core';

/** Doubles that lesser number types lose. */
export const JSON_NUMBERS: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.1,
  -0.1,
  1 / 3,
  1e-7,
  1.5e300,
  1e308,
  -1e308,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  2.2250738585072014e-308,
  Number.EPSILON,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 53 + 2,
  2 ** 63,
  2 ** 64,
  123_456_789_012_345_680_000,
  1e21,
];

/** Strings that databases, encodings and careless escaping lose. */
export const ODD_STRINGS: readonly string[] = [
  ' ',
  'Grüße, žluťoučký kůň',
  'e\u0301 is not \u00e9',
  '世界 שלום عالم हिन्दी',
  '😀 👩‍👩‍👧 𝒳 \u{10ffff}',
  '\u0000',
  'before\u0000after',
  Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join(''),
  '\u007f\u0080\u009f\u00a0\u2028\u2029\ufeff\ufffe\uffff',
  '\ud800',
  '\udc00',
  'a\ud800b\udfffc',
  '\udc00\ud800',
  '"quoted" \\back\\ /slash/ \'single\' `tick` $1 ${tasks.a.output} %s ? :name {}',
  '\\u0000 \\n is text',
  "'; drop table flows; --",
  '{"looks":"like json"}',
  'null',
  '12',
];

/** An object with the keys that get lost first. */
export const ODD_KEYS: JsonObject = JSON.parse(
  `{"":"empty","__proto__":{"polluted":true},"constructor":{"prototype":1},"toString":"text",
    "hasOwnProperty":1,"length":5,"0":"zero","01":"one","10":10,"-1":-1,"a.b":1,"a b":2,"$ref":3,
    "[0]":4,"\\u0000":5,"\\ud800":6,"ключ":7,"😀":8,"\\"":9,"\\\\":10,"A":11,"a":12,"null":null}`,
);

/** `[[[…1…]]]` */
export function deepArray(levels: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

/** `{ in: { in: … 1 … } }` */
export function deepObject(levels: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < levels; level++) value = { in: value };
  return value;
}
