import type { Flow, FlowTaskId, InputRef } from '@tasked/core';

/**
 * How an input is named outside of its flow: by its key alone in a flow of one task, else as
 * `<task id>:<key>`, because two tasks may ask under one key. The same for the flow's whole life.
 */
export type InputAddress = string;

/** The address of an input. */
export function addressOf(flow: Pick<Flow, 'taskCount'>, { taskId, key }: InputRef): InputAddress {
  return flow.taskCount === 1 ? key : `${taskId}:${key}`;
}

/** The input at an address; null for one that cannot be. A task's id has no `:` in it, a key may. */
export function inputAt(address: InputAddress, onlyTask: FlowTaskId | null): InputRef | null {
  if (onlyTask !== null) return { taskId: onlyTask, key: address };
  const colon = address.indexOf(':');
  if (colon === -1) return null;
  return { taskId: address.slice(0, colon), key: address.slice(colon + 1) };
}
