import { describe, expect, it } from 'vitest';
import { textWindow } from './text-window.ts';

const UNLIMITED = { maxChars: Number.POSITIVE_INFINITY, keep: 'first' } as const;

function stream(bytes: Uint8Array, start = 0, size = start + bytes.length, isFinal = true) {
  return { bytes, start, size, isFinal, value: undefined };
}

describe('textWindow', () => {
  const text = 'aé€😀z';
  const bytes = Buffer.from(text);

  it('leaves out characters that its edges cut in two, wherever they cut', () => {
    const starts = new Set([0, 1, 3, 6, 10, 11]);
    for (let from = 0; from <= bytes.length; from++) {
      for (let to = from + 4; to <= bytes.length; to++) {
        const window = textWindow(stream(bytes.subarray(from, to), from, bytes.length), UNLIMITED);
        expect(window.text).not.toContain('\uFFFD');
        expect(starts).toContain(window.start);
        expect(starts).toContain(window.end);
        expect(bytes.subarray(window.start, window.end).toString()).toBe(window.text);
        expect(window.start - from).toBeLessThan(4);
        expect(to - window.end).toBeLessThan(4);
      }
    }
  });

  it('shows bytes that are no UTF-8 as such and counts them as they are', () => {
    const odd = Buffer.from([0x61, 0xff, 0xfe, 0x62]);
    expect(textWindow(stream(odd), UNLIMITED)).toEqual({
      text: 'a\uFFFD\uFFFDb',
      start: 0,
      end: 4,
    });
  });

  it('waits for the rest of a character while the stream may grow, and no longer', () => {
    const half = Buffer.from([0x61, 0xe2, 0x82]);
    expect(textWindow(stream(half, 0, 3, false), UNLIMITED)).toEqual({
      text: 'a',
      start: 0,
      end: 1,
    });
    expect(textWindow(stream(half), UNLIMITED)).toEqual({ text: 'a\uFFFD', start: 0, end: 3 });
  });

  it('keeps the first or the last part of what is too long', () => {
    const long = stream(Buffer.from('é\n'.repeat(1_000)), 30, 3_030);
    const first = textWindow(long, { maxChars: 100, keep: 'first' });
    expect(first).toMatchObject({ start: 30, text: expect.stringMatching(/^é\n/) });
    const last = textWindow(long, { maxChars: 100, keep: 'last' });
    expect(last).toMatchObject({ end: 3_030, text: expect.stringMatching(/é\n$/) });
    for (const { text: part, start, end } of [first, last]) {
      expect(JSON.stringify(part).length).toBeGreaterThan(80);
      expect(JSON.stringify(part).length).toBeLessThanOrEqual(100);
      expect(end - start).toBe(Buffer.byteLength(part));
    }
  });

  it('keeps a byte order mark', () => {
    expect(textWindow(stream(Buffer.from('\uFEFFa')), UNLIMITED).text).toBe('\uFEFFa');
  });
});
