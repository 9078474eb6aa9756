import type { ClaimedAttempt, JsonObject, JsonValue, NewFlow } from '@tasked/core';
import type { EncodedTask } from '../encoding/encoded-task.ts';
import { flowTaskKey } from '../encoding/flow-task-key.ts';

/** An attempt that began with its flow, and where its task stands. */
export interface GivenAttempt {
  readonly key: number;
  readonly attempt: ClaimedAttempt;
}

/** How many tasks a flow begins with: those that are ready at once. */
export function countFirst(tasks: readonly EncodedTask[]): number {
  return tasks.filter(isFirst).length;
}

/** What a flow begins with, as if a tick had claimed it. */
export function firstAttempts(
  flow: NewFlow,
  tasks: readonly EncodedTask[],
  flowKey: number,
): readonly GivenAttempt[] {
  return tasks
    .map((encoded, index) => ({ ...encoded, key: flowTaskKey(flowKey, index) }))
    .filter(isFirst)
    .sort((a, b) => a.task.priority - b.task.priority)
    .map(({ key, ...encoded }) => ({ key, attempt: firstAttempt(flow, encoded) }));
}

function isFirst({ task }: EncodedTask): boolean {
  return task.dependsOn.length + task.holds === 0;
}

function firstAttempt(flow: NewFlow, { task, config, input }: EncodedTask): ClaimedAttempt {
  return {
    ref: { flowId: flow.id, taskId: task.id, fence: 1 },
    attempt: 1,
    owner: flow.owner,
    queue: flow.queue,
    executor: task.executor,
    config: JSON.parse(config) as JsonObject,
    input: JSON.parse(input) as JsonValue,
    needs: task.needs,
    retry: task.retry,
    timeoutMs: task.timeoutMs,
    resume: null,
  };
}
