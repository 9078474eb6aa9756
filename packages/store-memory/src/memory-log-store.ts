import type {
  AttemptRef,
  FlowTaskRef,
  LogChunk,
  LogStore,
  LogStream,
  LogWindow,
} from '@tasked/core';
import { ByteLog } from './byte-log.ts';

type AttemptLogs = Map<LogStream, ByteLog>;

/** A {@link LogStore} in the memory of this process; what was appended can be read at once. */
export class MemoryLogStore implements LogStore {
  /** By task, then by fence. */
  readonly #tasks = new Map<string, Map<number, AttemptLogs>>();

  append(attempt: AttemptRef, stream: LogStream, chunk: Uint8Array): void {
    const attempts = getOrAdd(this.#tasks, keyOf(attempt), () => new Map<number, AttemptLogs>());
    const logs = getOrAdd(attempts, attempt.fence, (): AttemptLogs => new Map());
    getOrAdd(logs, stream, () => new ByteLog()).append(chunk);
  }

  async flush(): Promise<void> {}

  async read(
    task: FlowTaskRef & { readonly fence?: number },
    stream: LogStream,
    window: LogWindow,
  ): Promise<LogChunk | null> {
    const attempts = this.#tasks.get(keyOf(task));
    if (attempts === undefined) return null;
    const fence = task.fence ?? Math.max(...attempts.keys());
    const logs = attempts.get(fence);
    if (logs === undefined) return null;
    const log = logs.get(stream) ?? new ByteLog();
    const total = log.length;
    const offset = startOf(window, log);
    return { bytes: log.read(offset, window.limit), offset, total, fence };
  }
}

function startOf(window: LogWindow, log: ByteLog): number {
  if ('offset' in window) return Math.min(window.offset, log.length);
  return Math.max(log.startOfTail(window.tailLines), log.length - window.limit);
}

/** Neither a flow's nor a task's id has a slash in it. */
function keyOf({ flowId, taskId }: FlowTaskRef): string {
  return `${flowId}/${taskId}`;
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
