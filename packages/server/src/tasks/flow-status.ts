import type { Flow, FlowState, TaskStatus } from '@tasked/core';

const STATUS = {
  running: 'working',
  succeeded: 'completed',
  failed: 'completed',
  cancelled: 'cancelled',
} as const satisfies Record<FlowState, TaskStatus>;

/** A flow's status as a task. A failed flow is a completed task: its result is a tool's result with `isError`. */
export function flowStatus({ state, counts }: Flow): TaskStatus {
  return state === 'running' && counts.waiting > 0 ? 'input_required' : STATUS[state];
}
