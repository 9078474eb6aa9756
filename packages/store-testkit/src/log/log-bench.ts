import {
  type AttemptRef,
  type LogChunk,
  type LogStore,
  type LogStream,
  type LogWindow,
  randomIds,
} from '@tasked/core';
import { expect } from 'vitest';
import type { LogStoreSubject } from './log-store-subject.ts';

/** More than any log of the suite has. */
const ALL = { offset: 0, limit: 64 * 1_048_576 };

/** What a case works with: a log store on data of its own. */
export class LogBench {
  readonly logs: LogStore;
  readonly #subject: LogStoreSubject;

  private constructor(subject: LogStoreSubject, logs: LogStore) {
    this.#subject = subject;
    this.logs = logs;
  }

  static async open(subject: LogStoreSubject): Promise<LogBench> {
    return new LogBench(subject, await subject.open());
  }

  /** Opens one more log store on the same data. */
  async openSecond(): Promise<LogBench> {
    if (this.#subject.openSecond === undefined) throw new Error('this data cannot be shared');
    return new LogBench(this.#subject, await this.#subject.openSecond(this.logs));
  }

  /** An attempt of a flow that no other case knows. */
  attempt(fields: Partial<AttemptRef> = {}): AttemptRef {
    return { flowId: randomIds.flowId(), taskId: 'a', fence: 1, ...fields };
  }

  /** Appends text to one stream. */
  print(attempt: AttemptRef, text: string, stream: LogStream = 'stdout'): void {
    this.logs.append(attempt, stream, Buffer.from(text));
  }

  /** Reads a window, which must be there. */
  async read(
    task: Parameters<LogStore['read']>[0],
    window: LogWindow = ALL,
    stream: LogStream = 'stdout',
  ): Promise<LogChunk> {
    const chunk = await this.logs.read(task, stream, window);
    if (chunk === null) expect.fail(`nothing was logged to ${stream} of ${task.taskId}`);
    return chunk;
  }

  /** The text of a window, which must be there. */
  async text(
    task: Parameters<LogStore['read']>[0],
    window: LogWindow = ALL,
    stream: LogStream = 'stdout',
  ): Promise<string> {
    const { bytes } = await this.read(task, window, stream);
    return Buffer.from(bytes).toString();
  }
}
