import type { NewFlow, NewFlowTask } from '@tasked/core';
import { newTask } from '../builders/new-task.ts';
import type { FlowShape, TaskShape } from './sequence.ts';

/** The flow that a shape stands for. */
export function shapedFlow(
  shape: FlowShape,
  fields: Pick<NewFlow, 'id' | 'queue' | 'createdAt'>,
): NewFlow {
  const tasks = shape.tasks.map(shapedTask);
  return {
    ...fields,
    owner: '',
    failFast: shape.failFast,
    ttlMs: shape.ttlMs,
    idempotency: null,
    tasks: shape.backwards ? tasks.reverse() : tasks,
  };
}

function shapedTask(shape: TaskShape, index: number): NewFlowTask {
  const above = Array.from({ length: index }, (_, number) => `t${number}`);
  const dependsOn = above.filter((_, number) => shape.dependsOn[index - number - 1]);
  const { executor, allowFailure, priority, holds } = shape;
  return newTask(`t${index}`, {
    executor,
    allowFailure,
    priority,
    holds,
    dependsOn,
    // A task that nothing is before cannot react to a failure; the engine refuses such a flow.
    triggerRule: dependsOn.length === 0 ? 'all_success' : shape.rule,
    retry: { retries: shape.retries, backoffMs: 10, maxBackoffMs: 100 },
  });
}
