import {
  type FlowTask,
  isTerminalFlowTask,
  type JsonValue,
  type LogStream,
  type LogWindow,
} from '@tasked/core';
import type { ToolCall } from '../tool-call.ts';
import { MAX_CHAR_BYTES } from './text-window.ts';

/** What a task gave: its output, or one of the logs of its last attempt that logged. */
export type OutputStream = 'output' | LogStream;

/** Some bytes of a stream. Offsets and sizes are bytes. */
export interface StreamBytes {
  readonly bytes: Uint8Array;
  /** Where `bytes` begins in the stream. */
  readonly start: number;
  /** How long the stream is now. */
  readonly size: number;
  /** False while the stream may grow. */
  readonly isFinal: boolean;
  /** The output as JSON; undefined for a log, and while there is no output. */
  readonly value: JsonValue | undefined;
}

/** Reads a window of a task's output as compact JSON, or of a log; null when there is none yet. */
export function readStream(
  caller: Pick<ToolCall, 'flows' | 'logs' | 'owner'>,
  task: FlowTask,
  stream: OutputStream,
  window: LogWindow,
): Promise<StreamBytes | null> {
  const atLeastOneChar = { ...window, limit: Math.max(window.limit, MAX_CHAR_BYTES) };
  return stream === 'output'
    ? readOutput(caller, task, atLeastOneChar)
    : readLog(caller, task, stream, atLeastOneChar);
}

async function readOutput(
  { flows, owner }: Pick<ToolCall, 'flows' | 'owner'>,
  task: FlowTask,
  window: LogWindow,
): Promise<StreamBytes | null> {
  if (task.state !== 'succeeded' && task.state !== 'failed') return null;
  const value = await flows.readOutput(task.flowId, task.id, owner);
  const whole = Buffer.from(JSON.stringify(value));
  const size = whole.length;
  // Compact JSON is a single line: its last lines are its last bytes.
  const start = 'tailLines' in window ? Math.max(0, size - window.limit) : window.offset;
  const bytes = whole.subarray(start, start + window.limit);
  return { bytes, start, size, isFinal: true, value };
}

async function readLog(
  { logs }: Pick<ToolCall, 'logs'>,
  task: FlowTask,
  stream: LogStream,
  window: LogWindow,
): Promise<StreamBytes | null> {
  const chunk = await logs.read({ flowId: task.flowId, taskId: task.id }, stream, window);
  if (chunk === null) return null;
  const { bytes, offset: start, total: size } = chunk;
  return { bytes, start, size, isFinal: isTerminalFlowTask(task.state), value: undefined };
}
