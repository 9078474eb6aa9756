import type { FlowTaskId, NewFlowTask } from '@tasked/core';

/**
 * A task for tests: a `noop` that needs nothing, never retries and has priority 0, but for what
 * `fields` says.
 */
export function newTask(
  id: FlowTaskId,
  fields: Partial<Omit<NewFlowTask, 'id'>> = {},
): NewFlowTask {
  return {
    executor: 'noop',
    config: {},
    input: null,
    dependsOn: [],
    needs: [],
    triggerRule: 'all_success',
    allowFailure: false,
    priority: 0,
    retry: { retries: 0, backoffMs: 1_000, maxBackoffMs: 60_000 },
    timeoutMs: null,
    holds: 0,
    ...fields,
    id,
  };
}

/** `count` tasks named `<prefix>0`, `<prefix>1`, …, alike but for their ids. */
export function newTasks(
  prefix: string,
  count: number,
  fields: Partial<Omit<NewFlowTask, 'id'>> = {},
): readonly NewFlowTask[] {
  return Array.from({ length: count }, (_, index) => newTask(`${prefix}${index}`, fields));
}
