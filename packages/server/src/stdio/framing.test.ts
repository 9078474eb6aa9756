import { describe, expect, it } from 'vitest';
import { detectFraming, type Framing } from './framing.ts';
import { HeaderFraming } from './header-framing.ts';
import { LineFraming } from './line-framing.ts';

const messages = ['{"a":"é😀"}', '{"b":"\\n"}', '{"c":[1,2]}'];

describe('detectFraming', () => {
  it('tells lines from headers by the first byte', () => {
    expect(detectFraming(Buffer.from('{"jsonrpc"'))).toBeInstanceOf(LineFraming);
    expect(detectFraming(Buffer.from('\n {"jsonrpc"'))).toBeInstanceOf(LineFraming);
    expect(detectFraming(Buffer.from('Content-Length: 3'))).toBeInstanceOf(HeaderFraming);
    expect(detectFraming(Buffer.from('c'))).toBeInstanceOf(HeaderFraming);
  });
});

describe.each([
  ['LineFraming', () => new LineFraming()],
  ['HeaderFraming', () => new HeaderFraming()],
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
  it('takes further headers and bare newlines', () => {
    const sent = 'Content-Type: x\nCONTENT-LENGTH:  2 \n\n{}Content-Length: 2\r\n\r\n[]';
    expect(new HeaderFraming().push(Buffer.from(sent))).toEqual(['{}', '[]']);
  });
});
