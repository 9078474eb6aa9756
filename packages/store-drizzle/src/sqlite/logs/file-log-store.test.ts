import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newDirectory } from '../../../test/data-directories.ts';
import { FileLogStore } from './file-log-store.ts';

const ATTEMPT = { flowId: 'f_1', taskId: 'build', fence: 1 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('what is appended is on disk 100 ms later, in one piece', () => {
  const { logs, fileOf } = setUp();
  for (const word of ['one ', 'two ', 'three']) logs.append(ATTEMPT, 'stdout', bytes(word));
  expect(existsSync(fileOf('1.stdout'))).toBe(false);
  vi.advanceTimersByTime(100);
  expect(readFileSync(fileOf('1.stdout'), 'utf8')).toBe('one two three');
});

it('a lot is written at once instead of being kept in memory', () => {
  const { logs, fileOf } = setUp();
  logs.append(ATTEMPT, 'stdout', new Uint8Array(2_000_000));
  expect(readFileSync(fileOf('1.stdout'))).toHaveLength(2_000_000);
});

it('the caller may use its buffer again', () => {
  const { logs, fileOf } = setUp();
  const buffer = Buffer.from('first');
  logs.append(ATTEMPT, 'log', buffer);
  buffer.write('other');
  logs.flushSync();
  expect(readFileSync(fileOf('1.log'), 'utf8')).toBe('first');
});

it('closing writes what waits, and nothing can be appended after it', () => {
  const { logs, fileOf } = setUp();
  logs.append(ATTEMPT, 'stderr', bytes('last words'));
  logs.close();
  expect(readFileSync(fileOf('1.stderr'), 'utf8')).toBe('last words');
  expect(vi.getTimerCount()).toBe(0);
  expect(() => logs.append(ATTEMPT, 'stderr', bytes('x'))).toThrow(
    expect.objectContaining({ code: 'unavailable' }),
  );
});

it('a log that cannot be written is told to who operates the store, and costs no other', () => {
  const { logs, fileOf, errors, dataDir } = setUp();
  writeFileSync(join(dataDir, 'logs'), 'a file where the directory should be');
  logs.append(ATTEMPT, 'stdout', bytes('lost'));
  expect(() => logs.flushSync()).not.toThrow();
  expect(errors).toEqual([expect.objectContaining({ file: fileOf('1.stdout') })]);
});

it('what an executor remarks when its own 10 MiB are full still fits', () => {
  const { logs, fileOf } = setUp();
  logs.append(ATTEMPT, 'log', new Uint8Array(10 * 1024 * 1024));
  logs.append(ATTEMPT, 'log', bytes('stopped: it timed out'));
  logs.flushSync();
  expect(readFileSync(fileOf('1.log'), 'utf8')).toMatch(/stopped: it timed out$/);
});

function setUp() {
  const dataDir = newDirectory();
  const errors: unknown[] = [];
  const quiet = () => {};
  const logger = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (_: string, fields?: object) => errors.push(fields),
  };
  const logs = new FileLogStore({ dataDir, logger });
  const fileOf = (name: string) => join(dataDir, 'logs', 'f_1', 'build', name);
  return { logs, errors, dataDir, fileOf };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
