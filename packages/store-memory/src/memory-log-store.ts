import type {
  AttemptRef,
  FlowId,
  FlowTaskId,
  FlowTaskRef,
  LogChunk,
  LogStore,
  LogStream,
  LogWindow,
} from '@tasked/core';
import { ByteLog } from './byte-log.ts';

type AttemptLogs = Map<LogStream, ByteLog>;
type AttemptsLogs = Map<number, AttemptLogs>;

/** A {@link LogStore} in the memory of this process; what was appended can be read at once. */
export class MemoryLogStore implements LogStore {
  /** By flow, then by task, then by fence. */
  readonly #flows = new Map<FlowId, Map<FlowTaskId, AttemptsLogs>>();

  append(attempt: AttemptRef, stream: LogStream, chunk: Uint8Array): void {
    const tasks = getOrAdd(this.#flows, attempt.flowId, () => new Map<string, AttemptsLogs>());
    const attempts = getOrAdd(tasks, attempt.taskId, (): AttemptsLogs => new Map());
    const logs = getOrAdd(attempts, attempt.fence, (): AttemptLogs => new Map());
    getOrAdd(logs, stream, () => new ByteLog()).append(chunk);
  }

  async flush(): Promise<void> {}

  async read(
    task: FlowTaskRef & { readonly fence?: number },
    stream: LogStream,
    window: LogWindow,
  ): Promise<LogChunk | null> {
    const attempts = this.#flows.get(task.flowId)?.get(task.taskId);
    if (attempts === undefined) return null;
    const fence = task.fence ?? Math.max(...attempts.keys());
    const logs = attempts.get(fence);
    if (logs === undefined) return null;
    const log = logs.get(stream) ?? new ByteLog();
    const total = log.length;
    const offset = startOf(window, log);
    return { bytes: log.read(offset, window.limit), offset, total, fence };
  }

  async deleteLogs(flowIds: readonly FlowId[]): Promise<void> {
    for (const flowId of flowIds) this.#flows.delete(flowId);
  }
}

function startOf(window: LogWindow, log: ByteLog): number {
  if ('offset' in window) return Math.min(window.offset, log.length);
  return Math.max(log.startOfTail(window.tailLines), log.length - window.limit);
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
