import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AttemptRef,
  type FlowId,
  type FlowTaskRef,
  type LogChunk,
  type Logger,
  type LogStore,
  type LogStream,
  type LogWindow,
  TaskedError,
} from '@tasked/core';
import { MAX_LOG_BYTES } from '../../logs/full-log.ts';
import { hasCode } from '../data-directory.ts';
import { appendCapped } from './append-capped.ts';
import { lastFenceOf, logDirectoryOf, logDirectoryOfFlow, logFileOf } from './log-path.ts';
import { readWindow } from './read-window.ts';

/** How long, and how many, appended bytes may wait in memory. */
const WRITE_EVERY_MS = 100;
const WRITE_AT_BYTES = 1024 * 1024;

/** Where logs are kept, and how much of them. */
export interface FileLogStoreOptions {
  /** The data directory of the store; logs are files below `logs` in it. */
  readonly dataDir: string;
  /** Most bytes of one stream of one attempt; default 10 MiB and 64 KiB. */
  readonly maxBytes?: number;
  /** Hears of logs that could not be written; omitted: nobody does. */
  readonly logger?: Logger;
}

/**
 * Keeps logs as append-only files, `logs/<flow>/<task>/<fence>.<stream>`. What is appended gathers for up to
 * 100 ms and is then written in one go, one file open at a time. A stream that reaches its limit ends with
 * a remark that the rest was dropped. A full disk costs logs, never a task.
 */
export class FileLogStore implements LogStore {
  readonly #root: string;
  readonly #maxBytes: number;
  readonly #logger: Logger | undefined;
  readonly #pending = new Map<string, Buffer[]>();
  #pendingBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor({ dataDir, maxBytes = MAX_LOG_BYTES, logger }: FileLogStoreOptions) {
    this.#root = join(dataDir, 'logs');
    this.#maxBytes = maxBytes;
    this.#logger = logger;
  }

  append(attempt: AttemptRef, stream: LogStream, chunk: Uint8Array): void {
    if (this.#closed) throw new TaskedError('unavailable', 'the log store was closed');
    const directory = logDirectoryOf(this.#root, attempt);
    if (chunk.length === 0) return;
    const file = join(directory, logFileOf(attempt.fence, stream));
    const copy = Buffer.from(chunk);
    const waiting = this.#pending.get(file);
    if (waiting === undefined) this.#pending.set(file, [copy]);
    else waiting.push(copy);
    this.#pendingBytes += copy.length;
    if (this.#pendingBytes >= WRITE_AT_BYTES) this.flushSync();
    else this.#timer ??= setTimeout(() => this.flushSync(), WRITE_EVERY_MS);
  }

  async flush(): Promise<void> {
    this.flushSync();
  }

  /** Writes what was appended before it returns: for the last moment of a process. */
  flushSync(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const pending = [...this.#pending];
    this.#pending.clear();
    this.#pendingBytes = 0;
    for (const [file, chunks] of pending) {
      try {
        appendCapped(file, Buffer.concat(chunks), this.#maxBytes);
      } catch (error) {
        this.#logger?.error('a log could not be written; what it said is lost', { file, error });
      }
    }
  }

  async read(
    task: FlowTaskRef & { readonly fence?: number },
    stream: LogStream,
    window: LogWindow,
  ): Promise<LogChunk | null> {
    this.flushSync();
    const directory = logDirectoryOf(this.#root, task);
    const names = await namesIn(directory);
    const fence = task.fence ?? lastFenceOf(names);
    if (fence === null) return null;
    const found = await readWindow(join(directory, logFileOf(fence, stream)), window);
    if (found !== null) return { ...found, fence };
    const saidSomething = names.some((name) => name.startsWith(`${fence}.`));
    return saidSomething ? { bytes: new Uint8Array(), offset: 0, total: 0, fence } : null;
  }

  async deleteLogs(flowIds: readonly FlowId[]): Promise<void> {
    this.flushSync();
    for (const flowId of flowIds) {
      await rm(logDirectoryOfFlow(this.#root, flowId), { recursive: true, force: true });
    }
  }

  /** Writes what was appended; nothing can be appended after it. */
  close(): void {
    this.flushSync();
    this.#closed = true;
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
