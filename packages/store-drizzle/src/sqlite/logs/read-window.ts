import { type FileHandle, open } from 'node:fs/promises';
import type { LogWindow } from '@tasked/core';
import { hasCode } from '../data-directory.ts';

const NEWLINE = 0x0a;

/** How much is read at a time while looking for the beginning of a tail. */
const BLOCK = 64 * 1024;

/** A piece of a file, and how long the file was then. */
export interface FileWindow {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly total: number;
}

/**
 * Reads a window of a file that may be growing; null when there is no such file. A tail that is longer than
 * its limit loses its beginning.
 */
export async function readWindow(path: string, window: LogWindow): Promise<FileWindow | null> {
  const file = await openIfThere(path);
  if (file === null) return null;
  try {
    const { size: total } = await file.stat();
    const offset =
      'offset' in window ? Math.min(window.offset, total) : await tailStart(file, total, window);
    const bytes = await readAt(file, offset, Math.min(window.limit, total - offset));
    return { bytes, offset, total };
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Where the last lines begin; a newline at the very end ends the last line and begins none. */
async function tailStart(
  file: FileHandle,
  total: number,
  { tailLines, limit }: Extract<LogWindow, { tailLines: number }>,
): Promise<number> {
  const earliest = Math.max(0, total - limit);
  if (tailLines <= 0) return total;
  let missing = tailLines;
  for (let end = total - 1; end > earliest; ) {
    const start = Math.max(earliest, end - BLOCK);
    const block = await readAt(file, start, end - start);
    for (let at = block.lastIndexOf(NEWLINE); at !== -1; at = block.lastIndexOf(NEWLINE, at - 1)) {
      missing -= 1;
      if (missing === 0) return start + at + 1;
      if (at === 0) break;
    }
    end = start;
  }
  return earliest;
}

async function readAt(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, length));
  let read = 0;
  while (read < buffer.length) {
    const { bytesRead } = await file.read(buffer, read, buffer.length - read, from + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}
