import type { LogWindow } from '@tasked/core';

const NEWLINE = 0x0a;

/** How much is read at a time while looking for the beginning of a tail. */
const BLOCK = 64 * 1024;

/** A log of `total` bytes, and how to read some of them. */
export interface ReadableLog {
  readonly total: number;
  readonly readAt: (from: number, length: number) => Promise<Buffer>;
}

/**
 * Where the last lines of a log begin; a newline at the very end ends the last line and begins none. A tail
 * that is longer than its limit loses its beginning.
 */
export async function tailStart(
  { total, readAt }: ReadableLog,
  { tailLines, limit }: Extract<LogWindow, { tailLines: number }>,
): Promise<number> {
  const earliest = Math.max(0, total - limit);
  if (tailLines <= 0) return total;
  let missing = tailLines;
  for (let end = total - 1; end > earliest; ) {
    const start = Math.max(earliest, end - BLOCK);
    const block = await readAt(start, end - start);
    for (let at = block.lastIndexOf(NEWLINE); at !== -1; at = block.lastIndexOf(NEWLINE, at - 1)) {
      missing -= 1;
      if (missing === 0) return start + at + 1;
      if (at === 0) break;
    }
    end = start;
  }
  return earliest;
}
