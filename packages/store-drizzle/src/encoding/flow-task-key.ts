/**
 * The key of a task is its flow's key and its index in one number, so that a flow is a range of keys: its
 * tasks lie side by side, in their order, and need no index to be found. Flows may number 2^33.
 */
export const MAX_FLOW_TASKS = 2 ** 20;

export function flowTaskKey(flowKey: number, index: number): number {
  return flowKey * MAX_FLOW_TASKS + index;
}

export function flowKeyOf(taskKey: number): number {
  return Math.floor(taskKey / MAX_FLOW_TASKS);
}

export function flowTaskIndexOf(taskKey: number): number {
  return taskKey % MAX_FLOW_TASKS;
}

/** The first key that no task of the flow has: where the next flow begins. */
export function endOfFlow(flowKey: number): number {
  return flowTaskKey(flowKey + 1, 0);
}
