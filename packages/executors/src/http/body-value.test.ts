import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyValue } from './body-value.ts';

const latin1 = Uint8Array.from([0x67, 0x72, 0xfc, 0xdf]);
const text = Buffer.from('grüß dich');

describe('bodyValue', () => {
  it.each([
    ['application/json', '{"a":[1]}', { a: [1] }],
    ['application/json; charset=utf-8', '"é"', 'é'],
    ['APPLICATION/JSON', 'null', null],
    ['application/problem+json', '{"a":1}', { a: 1 }],
    ['application/vnd.github.v3+json;charset=UTF-8', '[]', []],
    ['application/json', '\ufeff{"a":1}', { a: 1 }],
    ['application/json', '{"a":', '{"a":'],
    ['application/json', '', ''],
    ['application/jsonl', '{"a":1}', '{"a":1}'],
    ['text/plain', '{"a":1}', '{"a":1}'],
    ['text/html', '<p>é</p>', '<p>é</p>'],
    ['image/svg+xml', '<svg/>', '<svg/>'],
    ['application/xml', '<a/>', '<a/>'],
    ['application/x-sh', '#!/bin/sh', '#!/bin/sh'],
    ['application/octet-stream', 'plain', 'plain'],
    ['no type at all', 'plain', 'plain'],
    [undefined, 'plain', 'plain'],
    ['image/png', '', ''],
  ])('of %s: %j is %j', (type, body, value) => {
    expect(bodyValue(Buffer.from(body), type)).toEqual({ body: value });
  });

  it.each([
    ['text/plain; charset=iso-8859-1', latin1, 'grüß'],
    ['text/plain; charset="ISO-8859-1"', latin1, 'grüß'],
    ['application/json; charset=latin1', Buffer.from('"\xfc"', 'latin1'), 'ü'],
    ['text/plain; charset=utf-16le', Buffer.from('grüß', 'utf16le'), 'grüß'],
    ['text/plain; charset=klingon', text, 'grüß dich'],
    ['text/plain', latin1, 'gr\ufffd\ufffd'],
  ])('decodes %s', (type, bytes, value) => {
    expect(bodyValue(bytes, type)).toEqual({ body: value });
  });

  it.each([
    ['image/png', text],
    ['video/mp4', text],
    ['application/octet-stream', latin1],
    ['application/pdf; charset=utf-8', latin1],
    ['application/zip', Buffer.from('PK\0\0')],
    [undefined, latin1],
  ])('of %s is base64 when it is no text', (type, bytes) => {
    const { body, body_encoding } = bodyValue(bytes, type);
    expect(body_encoding).toBe('base64');
    expect(Buffer.from(body as string, 'base64')).toEqual(Buffer.from(bytes));
  });

  it('loses nothing of what is not declared as text', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const { body, body_encoding } = bodyValue(bytes, 'application/octet-stream');
        const back = Buffer.from(body as string, body_encoding ?? 'utf8');
        const isMarked = body_encoding === undefined && bytes[0] === 0xef && bytes[1] === 0xbb;
        expect(back).toEqual(Buffer.from(isMarked ? bytes.subarray(3) : bytes));
      }),
    );
  });

  it('has an answer to any type', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), (type, bytes) => {
        expect(bodyValue(bytes, type)).toHaveProperty('body');
      }),
    );
  });
});
