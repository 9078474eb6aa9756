import type { AttemptContext, LogStream } from '@tasked/core';

/** How much of each stream of an attempt is logged, in bytes. */
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/**
 * Logs what one attempt prints: each stream by itself, and all of it in the order it came in `log`,
 * together with remarks. A stream ends at the limit, which a remark tells once.
 */
export class AttemptLog {
  readonly #write: AttemptContext['log'];
  readonly #limit: number;
  readonly #sizes = { stdout: 0, stderr: 0, log: 0 };
  #atLineStart = true;

  constructor(write: AttemptContext['log'], limitBytes: number = LOG_LIMIT_BYTES) {
    this.#write = write;
    this.#limit = limitBytes;
  }

  output(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#append('log', chunk);
    this.#append(stream, chunk);
  }

  /** Adds a line of the executor's own to `log`, also when that is full. */
  remark(text: string): void {
    this.#write('log', `${this.#atLineStart ? '' : '\n'}[tasked] ${text}\n`);
    this.#atLineStart = true;
  }

  #append(stream: LogStream, chunk: Uint8Array): void {
    const before = this.#sizes[stream];
    this.#sizes[stream] = before + chunk.length;
    if (before > this.#limit) return;
    const fitting = chunk.subarray(0, this.#limit - before);
    if (fitting.length > 0) {
      this.#write(stream, fitting);
      if (stream === 'log') this.#atLineStart = fitting.at(-1) === NEWLINE;
    }
    if (this.#sizes[stream] > this.#limit) this.remark(`${stream} is full: ${this.#fullness()}`);
  }

  #fullness(): string {
    return `its first ${this.#limit} bytes are kept, the rest is not logged`;
  }
}

const NEWLINE = 0x0a;
