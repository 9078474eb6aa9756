import { type Executor, TaskedError } from '@tasked/core';

/** The executors by their type. Throws `invalid_input` when two have the same. */
export function executorsByType(executors: readonly Executor[]): ReadonlyMap<string, Executor> {
  const byType = new Map<string, Executor>();
  for (const executor of executors) {
    if (byType.has(executor.type)) {
      throw new TaskedError('invalid_input', `two executors have the type "${executor.type}"`);
    }
    byType.set(executor.type, executor);
  }
  return byType;
}
