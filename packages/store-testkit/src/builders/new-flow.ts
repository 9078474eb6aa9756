import { type NewFlow, randomIds } from '@tasked/core';
import { newTask } from './new-task.ts';

/**
 * A flow for tests: one task `a`, in the queue `default`, of the owner `''`, created at 0, under a
 * fresh id, but for what `fields` says.
 */
export function newFlow(fields: Partial<NewFlow> = {}): NewFlow {
  return {
    id: randomIds.flowId(),
    owner: '',
    queue: 'default',
    failFast: false,
    createdAt: 0,
    ttlMs: null,
    idempotency: null,
    tasks: [newTask('a')],
    ...fields,
  };
}
