import { type FileHandle, open } from 'node:fs/promises';
import type { LogWindow } from '@tasked/core';
import { tailStart } from '../../logs/tail-start.ts';
import { hasCode } from '../data-directory.ts';

/** A piece of a file, and how long the file was then. */
export interface FileWindow {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly total: number;
}

/** Reads a window of a file that may be growing; null when there is no such file. */
export async function readWindow(path: string, window: LogWindow): Promise<FileWindow | null> {
  const file = await openIfThere(path);
  if (file === null) return null;
  try {
    const { size: total } = await file.stat();
    const readable = {
      total,
      readAt: (from: number, length: number) => readAt(file, from, length),
    };
    const offset =
      'offset' in window ? Math.min(window.offset, total) : await tailStart(readable, window);
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
