import { describe, expect, it } from 'vitest';
import { ByteLog } from './byte-log.ts';

describe('ByteLog', () => {
  it('keeps every byte in order while it grows', () => {
    const log = new ByteLog();
    for (let chunk = 0; chunk < 100; chunk++) log.append(new Uint8Array(17).fill(chunk));
    expect(log.length).toBe(1_700);
    expect(log.read(16, 3)).toEqual(Uint8Array.of(0, 1, 1));
    expect(log.read(1_699, 50)).toEqual(Uint8Array.of(99));
  });

  it('hands out copies', () => {
    const log = logOf('abc');
    log.read(0, 3).fill(0);
    expect(text(log.read(0, 3))).toBe('abc');
  });

  it.each([
    { content: 'one\ntwo\nthree\n', lines: 1, tail: 'three\n' },
    { content: 'one\ntwo\nthree\n', lines: 2, tail: 'two\nthree\n' },
    { content: 'one\ntwo\nthree\n', lines: 9, tail: 'one\ntwo\nthree\n' },
    { content: 'one\ntwo', lines: 1, tail: 'two' },
    { content: 'one\n\n\n', lines: 2, tail: '\n\n' },
    { content: 'one', lines: 0, tail: '' },
    { content: '', lines: 3, tail: '' },
  ])('the last $lines lines of $content are $tail', ({ content, lines, tail }) => {
    const log = logOf(content);
    expect(text(log.read(log.startOfTail(lines), 100))).toBe(tail);
  });
});

function logOf(content: string): ByteLog {
  const log = new ByteLog();
  log.append(new TextEncoder().encode(content));
  return log;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
