import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttemptRef,
  type FlowId,
  type FlowTaskRef,
  isTaskedError,
  type LogChunk,
  type Logger,
  type LogStore,
  type LogStream,
  type LogWindow,
  TaskedError,
} from '@tasked/core';
import { fullLogRemark } from '../../logs/full-log.ts';
import type { Database } from '../database.ts';
import { type LogBatch, LogQueue } from './log-queue.ts';
import { readLog } from './read-log.ts';

/** How long, and how many, appended bytes may wait in memory. */
const WRITE_EVERY_MS = 100;
const WRITE_AT_BYTES = 512 * 1024;

/** Pause before a batch is sent again that the server could not take. */
const RETRY_MS = 250;

/** For how long that is tried before logs are given up: longer than a server takes to start. */
const GIVE_UP_MS = 60_000;

/** What a log store is made of. */
export interface PostgresLogStoreParts {
  readonly db: Database;
  readonly maxBytes: number;
  readonly logger: Logger | undefined;
}

/**
 * Keeps logs in the database of the flows, where every host can read them. What is appended gathers for up to 100 ms,
 * or while a batch is under way, and is then written by one statement on a connection of its own. A server that cannot
 * be reached costs logs after a minute, never a task. Made by `openPostgresLogStore`.
 */
export class PostgresLogStore implements LogStore {
  readonly #parts: PostgresLogStoreParts;
  readonly #id = randomUUID();
  readonly #queue = new LogQueue();
  /** Bytes ever appended, of these written or given up, and up to where somebody wants them written. */
  #appended = 0;
  #written = 0;
  #wanted = 0;
  #waiting: { readonly upTo: number; readonly resolve: () => void }[] = [];
  #batches = 0;
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(parts: PostgresLogStoreParts) {
    this.#parts = parts;
  }

  append(attempt: AttemptRef, stream: LogStream, chunk: Uint8Array): void {
    if (this.#closed) throw new TaskedError('unavailable', 'the log store was closed');
    if (chunk.length === 0) return;
    const before = this.#queue.bytes;
    const kept = this.#queue.add(attempt, stream, chunk);
    if (!kept)
      this.#parts.logger?.error('a log has a hole: the database cannot keep up', { ...attempt });
    this.#appended += this.#queue.bytes - before;
    if (this.#queue.bytes >= WRITE_AT_BYTES) this.#want();
    else this.#timer ??= setTimeout(() => this.#want(), WRITE_EVERY_MS);
  }

  flush(): Promise<void> {
    this.#want();
    if (this.#written >= this.#appended) return Promise.resolve();
    const upTo = this.#appended;
    return new Promise((resolve) => this.#waiting.push({ upTo, resolve }));
  }

  read(
    task: FlowTaskRef & { readonly fence?: number },
    stream: LogStream,
    window: LogWindow,
  ): Promise<LogChunk | null> {
    return readLog(this.#parts.db, task, stream, window);
  }

  async deleteLogs(flowIds: readonly FlowId[]): Promise<void> {
    await this.flush();
    await this.#parts.db.query(
      `with gone as (
         delete from @log where flow_id in (select json_array_elements_text($1::text::json)) returning key
       )
       delete from @log_chunk where log_key in (select key from gone)`,
      [JSON.stringify(flowIds)],
    );
  }

  /** Writes what was appended, if the server can be reached now; nothing can be appended after it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#want();
    await this.#writing;
    await this.#parts.db.close();
  }

  /** Everything appended so far is to be written. */
  #want(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wanted = this.#appended;
    if (this.#written < this.#wanted) this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    for (;;) {
      const batch = this.#written < this.#wanted ? this.#queue.take() : null;
      if (batch === null) break;
      const isReachable = await this.#append(batch);
      this.#written += batch.bytes.length;
      if (!isReachable) this.#written += this.#queue.drop();
      this.#waiting = this.#waiting.filter(({ upTo, resolve }) => {
        if (upTo <= this.#written) resolve();
        return upTo > this.#written;
      });
    }
    this.#writing = null;
  }

  /** False when the server cannot be reached, so that all that waits has to be given up as well. */
  async #append({ parts, bytes }: LogBatch): Promise<boolean> {
    const { db, maxBytes, logger } = this.#parts;
    const batch = `${this.#id} ${++this.#batches}`;
    const giveUpAt = performance.now() + GIVE_UP_MS;
    for (;;) {
      try {
        await db.query('select @append_logs($1, $2, $3, $4, $5)', [
          batch,
          JSON.stringify(parts),
          bytes,
          maxBytes,
          Buffer.from(fullLogRemark(maxBytes)),
        ]);
        return true;
      } catch (error) {
        const mayComeBack = isTaskedError(error) && error.code === 'unavailable';
        if (!mayComeBack || this.#closed || performance.now() >= giveUpAt) {
          logger?.error('logs could not be written; what they said is lost', { error });
          return !mayComeBack;
        }
      }
      await sleep(RETRY_MS);
    }
  }
}
