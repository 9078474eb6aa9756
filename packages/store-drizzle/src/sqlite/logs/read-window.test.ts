import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newDirectory } from '../../../test/data-directories.ts';
import { readWindow } from './read-window.ts';

describe('the tail of a file', () => {
  it.each([
    ['one\ntwo\nthree\n', 2, 'two\nthree\n'],
    ['one\ntwo\nthree', 2, 'two\nthree'],
    ['one\n\n\n', 2, '\n\n'],
    ['\nlast', 5, '\nlast'],
    ['one', 1, 'one'],
    ['\n', 1, '\n'],
    ['', 3, ''],
    ['one\ntwo\n', 0, ''],
  ])('%j by %d lines is %j', async (text, tailLines, tail) => {
    expect(await readText(fileOf(text), { tailLines, limit: 1_000 })).toBe(tail);
  });

  it('that spans many blocks begins where it should', async () => {
    const lines = Array.from({ length: 40_000 }, (_, index) => `line ${index}\n`);
    const tail = await readText(fileOf(lines.join('')), { tailLines: 30_000, limit: 10_000_000 });
    expect(tail).toBe(lines.slice(10_000).join(''));
  });

  it('loses its beginning when it is longer than its limit', async () => {
    const window = await readWindow(fileOf('one\ntwo\nthree\n'), { tailLines: 2, limit: 8 });
    expect(window).toMatchObject({ offset: 6, total: 14 });
    expect(textOf(window)).toBe('o\nthree\n');
  });
});

describe('a window from an offset', () => {
  it.each([
    [0, 3, 'one', 0],
    [4, 100, 'two\n', 4],
    [8, 5, '', 8],
    [99, 5, '', 8],
  ])('%d of at most %d bytes is %j at %d', async (offset, limit, text, at) => {
    const window = await readWindow(fileOf('one\ntwo\n'), { offset, limit });
    expect(window).toMatchObject({ offset: at, total: 8 });
    expect(textOf(window)).toBe(text);
  });

  it('of a file that does not exist is null', async () => {
    expect(await readWindow(join(newDirectory(), 'none'), { offset: 0, limit: 1 })).toBeNull();
  });
});

function fileOf(text: string): string {
  const file = join(newDirectory(), '1.stdout');
  writeFileSync(file, text);
  return file;
}

async function readText(file: string, window: Parameters<typeof readWindow>[1]) {
  return textOf(await readWindow(file, window));
}

function textOf(window: Awaited<ReturnType<typeof readWindow>>): string | undefined {
  return window === null ? undefined : Buffer.from(window.bytes).toString();
}
