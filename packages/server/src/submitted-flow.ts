import type { Flow } from '@tasked/core';
import { nextStep } from './next-step.ts';

/** What submitting a flow answers, now and, where the call is a task, at its end. */
export function submittedFlow(flow: Flow) {
  return {
    flow_id: flow.id,
    queue: flow.queue,
    state: flow.state,
    task_count: flow.taskCount,
    next: nextStep(flow, null),
  };
}
