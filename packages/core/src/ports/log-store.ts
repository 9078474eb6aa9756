import type { FlowId } from '../ids.ts';
import type { AttemptRef, FlowTaskRef } from '../settlement.ts';

/** `log` is everything in the order it came, with the executor's own remarks. */
export const LOG_STREAMS = ['stdout', 'stderr', 'log'] as const;

/** One of {@link LOG_STREAMS}. */
export type LogStream = (typeof LOG_STREAMS)[number];

/** Which bytes of a log: from an offset, or the last ones. */
export type LogWindow =
  | { readonly offset: number; readonly limit: number }
  | { readonly tailLines: number; readonly limit: number };

/** A piece of a log. Offsets and sizes are bytes. */
export interface LogChunk {
  readonly bytes: Uint8Array;
  /** Where `bytes` begins. */
  readonly offset: number;
  /** How many bytes the stream has now. */
  readonly total: number;
  /** The fence of the attempt it belongs to. */
  readonly fence: number;
}

/** Keeps what attempts print, append-only, apart from the flow stores. */
export interface LogStore {
  /**
   * Appends to one stream of one attempt and returns at once. What was appended can be read within
   * 200 ms, also by another process on the same data, and survives the death of this process from then on.
   */
  append(attempt: AttemptRef, stream: LogStream, chunk: Uint8Array): void;
  /** Resolves when everything appended before can be read. */
  flush(): Promise<void>;
  /** Reads a window of the given attempt, or of the last one that logged; null when nothing was logged. */
  read(
    task: FlowTaskRef & { readonly fence?: number },
    stream: LogStream,
    window: LogWindow,
  ): Promise<LogChunk | null>;
  /**
   * Deletes everything that the tasks of these flows have logged. A flow that logged nothing is ignored, and so
   * is one that is deleted at the same time by somebody else.
   */
  deleteLogs(flowIds: readonly FlowId[]): Promise<void>;
}
