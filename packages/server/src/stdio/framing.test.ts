import { describe, expect, it } from 'vitest';
import { detectFraming, type Framing } from './framing.ts';
import { HeaderFraming } from './header-framing.ts';
import { LineFraming } from './line-framing.ts';

const messages = ['{"a":"é😀"}', '{"b":"\\n"}', '{"c":[1,2]}'];

const MAX_BYTES = 1_000_000;

describe('detectFraming', () => {
  const detected = (first: string) => detectFraming(Buffer.from(first), MAX_BYTES);

  it('tells lines from headers by the first bytes', () => {
    for (const first of ['{"jsonrpc"', '\n {"jsonrpc"', '[', 'cat', '\uFEFF{']) {
      expect(detected(first), first).toBeInstanceOf(LineFraming);
    }
    for (const first of ['Content-Length: 3', '\r\n content-t']) {
      expect(detected(first), first).toBeInstanceOf(HeaderFraming);
    }
  });

  it('waits for more when they are too few', () => {
    for (const first of ['', ' \n', 'c', 'Conten']) expect(detected(first), first).toBeNull();
  });
});

describe.each([
  ['LineFraming', () => new LineFraming()],
  ['HeaderFraming', () => new HeaderFraming(MAX_BYTES)],
])('%s', (_name, make: () => Framing) => {
  it('finds the messages wherever the bytes are split', () => {
    const bytes = Buffer.from(messages.map((message) => make().frame(message)).join(''));
    for (let size = 1; size <= bytes.length; size++) {
      const framing = make();
      const found: string[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        found.push(...framing.push(bytes.subarray(at, at + size)));
      }
      expect(found).toEqual(messages);
      expect(framing.pendingBytes).toBe(0);
      expect(framing.rest()).toBeNull();
    }
  });
});

describe('LineFraming', () => {
  it('takes empty lines and carriage returns for nothing', () => {
    const lines = new LineFraming().push(Buffer.from('\n{"a":1}\r\n\r\n  \n{"b":2}\n'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('gives the last message without its newline when the stream ends', () => {
    const framing = new LineFraming();
    expect(framing.push(Buffer.from('{"a"'))).toEqual([]);
    expect(framing.push(Buffer.from(':1}'))).toEqual([]);
    expect(framing.pendingBytes).toBe(7);
    expect(framing.rest()).toBe('{"a":1}');
  });
});

describe('HeaderFraming', () => {
  const push = (sent: string | Buffer) => new HeaderFraming(MAX_BYTES).push(Buffer.from(sent));
  const frame = (json: string) => new HeaderFraming(MAX_BYTES).frame(json);

  it('takes further headers and bare newlines', () => {
    const sent = 'Content-Type: x\nCONTENT-LENGTH:  2 \n\n{}Content-Length: 2\r\n\r\n[]';
    expect(push(sent)).toEqual(['{}', '[]']);
  });

  it('finds the next message after one that was longer than its header said', () => {
    const sent = `Content-Length: 5\r\n\r\n{"a":1}${frame('{"b":2}')}${frame('{"c":3}')}`;
    expect(push(sent)).toEqual(['{"a":', '{"b":2}', '{"c":3}']);
  });

  it('finds the next message after one that was shorter than its header said', () => {
    const sent = `Content-Length: 30\r\n\r\n{"a":1}${frame('{"b":2}')}${frame('{"c":3}')}`;
    const found = push(sent);
    expect(found[0]).toMatch(/^\{"a":1\}Content-Length/);
    expect(found.at(-1)).toBe('{"c":3}');
  });

  it.each([
    ['no length', 'Content-Type: x\r\n\r\n'],
    ['a length that is no number', 'Content-Length: many\r\n\r\n'],
    ['a length beyond the limit', `Content-Length: ${MAX_BYTES + 1}\r\n\r\n`],
  ])('tells of a header with %s and goes on', (_what, header) => {
    expect(push(`${header}${frame('{"b":2}')}`)).toEqual([header, '{"b":2}']);
  });

  it('tells once of a lot of garbage, keeps little of it, and goes on', () => {
    const framing = new HeaderFraming(MAX_BYTES);
    const told = Array.from({ length: 50 }, () => framing.push(Buffer.alloc(1_000, 'x'))).flat();
    expect(told).toHaveLength(1);
    expect(framing.pendingBytes).toBeLessThan(4_096);
    expect(framing.push(Buffer.from(frame('{"b":2}')))).toEqual(['{"b":2}']);
  });
});
