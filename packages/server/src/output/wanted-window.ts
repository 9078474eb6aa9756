import type { FlowTask, LogWindow } from '@tasked/core';
import { invalidArguments } from '../tool.ts';
import type { ToolCall } from '../tool-call.ts';
import { type OutputStream, readStream, type StreamBytes } from './stream-bytes.ts';
import { textWindow } from './text-window.ts';

/** Bytes of a window when the caller does not say; what makes the answer too long is cut off. */
const DEFAULT_LIMIT = 6_000;

/** What the caller asks to read. */
export interface WantedWindow {
  readonly stream?: OutputStream | undefined;
  /** The last lines. */
  readonly tail?: number | undefined;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/** A window of a stream as an answer shows it; offsets and sizes are bytes. */
export interface ShownWindow {
  readonly stream: OutputStream;
  /** The output as JSON when all of it is shown, else text; null when there is nothing yet. */
  readonly output: unknown;
  readonly offset: number;
  readonly size: number;
  readonly cut: boolean;
  readonly next_offset?: number;
}

/**
 * Reads the wanted window of a task's output or log. Unless the caller named a limit, the window takes at
 * most `maxChars` characters as a JSON string. Throws `invalid_input` for a tail with an offset.
 */
export async function showWanted(
  caller: Pick<ToolCall, 'flows' | 'logs' | 'owner'>,
  task: FlowTask,
  wanted: WantedWindow,
  maxChars: number,
): Promise<ShownWindow> {
  const { stream, read } = await readWanted(caller, task, wanted);
  if (read === null) return { stream, output: null, offset: 0, size: 0, cut: false };
  const { text, start, end } = textWindow(read, {
    maxChars: wanted.limit === undefined ? maxChars : Number.POSITIVE_INFINITY,
    keep: wanted.tail === undefined ? 'first' : 'last',
  });
  const isWhole = start === 0 && end === read.size;
  return {
    stream,
    output: isWhole && read.value !== undefined ? read.value : text,
    offset: start,
    size: read.size,
    cut: !isWhole,
    ...(end < read.size ? { next_offset: end } : {}),
  };
}

/** A tail of no named stream means the log, or the output of a task that logged nothing. */
async function readWanted(
  caller: Pick<ToolCall, 'flows' | 'logs' | 'owner'>,
  task: FlowTask,
  wanted: WantedWindow,
): Promise<{ readonly stream: OutputStream; readonly read: StreamBytes | null }> {
  const window = windowOf(wanted);
  if (wanted.stream === undefined && wanted.tail !== undefined) {
    const read = await readStream(caller, task, 'log', window);
    if (read !== null) return { stream: 'log', read };
  }
  const stream = wanted.stream ?? 'output';
  return { stream, read: await readStream(caller, task, stream, window) };
}

function windowOf({ tail, offset, limit = DEFAULT_LIMIT }: WantedWindow): LogWindow {
  if (tail === undefined) return { offset: offset ?? 0, limit };
  if (offset === undefined) return { tailLines: tail, limit };
  const message = 'tail and offset exclude each other';
  throw invalidArguments([{ path: 'offset', message, got: offset, expected: 'tail or offset' }]);
}
