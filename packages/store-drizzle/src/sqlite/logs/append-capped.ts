import { closeSync, fstatSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fullLogRemark } from '../../logs/full-log.ts';
import { hasCode } from '../data-directory.ts';

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/**
 * Appends to a file, created with its directories if it is missing, until it has `maxBytes`. What does not
 * fit is dropped; a remark behind the last byte says so, once.
 */
export function appendCapped(file: string, bytes: Buffer, maxBytes: number): void {
  const descriptor = openToAppend(file);
  try {
    const room = maxBytes - fstatSync(descriptor).size;
    if (room < 0) return;
    writeFileSync(descriptor, bytes.subarray(0, room));
    if (bytes.length > room) writeFileSync(descriptor, fullLogRemark(maxBytes));
  } finally {
    closeSync(descriptor);
  }
}

function openToAppend(file: string): number {
  try {
    return openSync(file, 'a', FILE_MODE);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    mkdirSync(dirname(file), { recursive: true, mode: DIRECTORY_MODE });
    return openSync(file, 'a', FILE_MODE);
  }
}
