import type { FlowTaskRef, JsonValue, StoredOutput, WorkStore } from '@tasked/core';
import { Recent } from './recent.ts';

/** How many outputs are kept in memory, if there are so many; at most twice as many. */
const CACHED_OUTPUTS = 2_048;

/** Longer outputs are left to the store, so that the cache stays within a few megabytes. */
const MAX_CACHED_CHARS = 2_048;

/**
 * Outputs by task. What this process settles is remembered, so that the next hop of a chain reads
 * nothing; the rest is read from the store, once per batch. Outputs never change once they are committed;
 * what the store did not take MUST be forgotten.
 */
export class OutputCache {
  readonly #store: Pick<WorkStore, 'readOutputs'>;
  readonly #cached = new Recent<StoredOutput>(CACHED_OUTPUTS);

  constructor(store: Pick<WorkStore, 'readOutputs'>) {
    this.#store = store;
  }

  /** Remembers the output, `chars` of JSON long, of a task that this process ended. */
  remember(task: FlowTaskRef, value: JsonValue, chars: number): void {
    if (chars <= MAX_CACHED_CHARS) this.#cached.set(keyOf(task), { kind: 'output', value });
  }

  forget(task: FlowTaskRef): void {
    this.#cached.delete(keyOf(task));
  }

  forgetAll(): void {
    this.#cached.clear();
  }

  /** The outputs of all `tasks`, by {@link keyOf}; the store is asked for at most `maxBytes` of JSON. */
  async read(
    tasks: readonly FlowTaskRef[],
    maxBytes: number,
  ): Promise<ReadonlyMap<string, StoredOutput>> {
    const found = new Map<string, StoredOutput>();
    const missing = new Map<string, FlowTaskRef>();
    for (const task of tasks) {
      const key = keyOf(task);
      const cached = this.#cached.get(key);
      if (cached === undefined) missing.set(key, task);
      else found.set(key, cached);
    }
    if (missing.size === 0) return found;
    const stored = await this.#store.readOutputs([...missing.values()], maxBytes);
    let next = 0;
    for (const key of missing.keys()) found.set(key, stored[next++] ?? { kind: 'none' });
    return found;
  }
}

/** The key of a task's output in what {@link OutputCache.read} returns. */
export function keyOf(task: FlowTaskRef): string {
  return `${task.flowId}/${task.taskId}`;
}
