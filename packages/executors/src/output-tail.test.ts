import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputTail } from './output-tail.ts';

function tailOf(chunks: readonly Uint8Array[], limit: number) {
  const tail = new OutputTail(limit);
  for (const chunk of chunks) tail.push(chunk);
  return tail.read();
}

describe('OutputTail', () => {
  it('keeps everything up to the limit', () => {
    expect(tailOf([Buffer.from('ab'), Buffer.from('cd')], 4)).toEqual({
      text: 'abcd',
      droppedBytes: 0,
    });
  });

  it('keeps the end of what is longer', () => {
    expect(tailOf([Buffer.from('abcdef'), Buffer.from('g')], 4)).toEqual({
      text: 'defg',
      droppedBytes: 3,
    });
  });

  it('is empty when nothing came', () => {
    expect(tailOf([], 4)).toEqual({ text: '', droppedBytes: 0 });
  });

  it('keeps a byte order mark', () => {
    expect(tailOf([Buffer.from('\ufeffa')], 8).text).toBe('\ufeffa');
  });

  it('puts characters together that came in pieces', () => {
    const bytes = Buffer.from('é💥');
    expect(
      tailOf(
        [...bytes].map((byte) => Buffer.of(byte)),
        100,
      ).text,
    ).toBe('é💥');
  });

  it('ends as the stream ends, begins with a whole character, and counts every byte', () => {
    const chunks = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 40 });
    fc.assert(
      fc.property(chunks, fc.integer({ min: 1, max: 64 }), (texts, limit) => {
        const whole = Buffer.from(texts.join(''));
        const { text, droppedBytes } = tailOf(
          texts.map((part) => Buffer.from(part)),
          limit,
        );
        const kept = Buffer.from(text);
        expect(whole.subarray(droppedBytes).equals(kept)).toBe(true);
        expect(kept.length).toBeLessThanOrEqual(limit);
        expect(whole.length - droppedBytes).toBeGreaterThanOrEqual(
          Math.min(whole.length, limit) - 3,
        );
      }),
    );
  });

  it('turns any bytes into text', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (chunks) => {
        const { text } = tailOf(chunks, 64);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});
