import type { Task as SdkTask } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject, Task } from '@tasked/core';

/** Marks, in its metadata, a task that is failed by a result which does not say so itself. */
export const FAILED_BY_RESULT = { sdkV1Failed: true } as const;

/** Longest reason taken out of a result, in UTF-16 units. */
const REASON_CHARS = 500;

/**
 * A task as SDK 1.x has it. A result with `isError` makes it `failed` (MCP specification 2025-11-25, Tasks), and
 * because clients of the SDK never fetch that result, the reason stands in `statusMessage`.
 */
export function toSdkTask(task: Task): SdkTask {
  const isFailed = isFailedByResult(task);
  const reason = isFailed ? reasonIn(task.outcome) : null;
  const statusMessage = task.statusMessage ?? reason;
  return {
    taskId: task.id,
    status: isFailed ? 'failed' : task.status,
    ...(statusMessage === null ? {} : { statusMessage }),
    createdAt: new Date(task.createdAt).toISOString(),
    lastUpdatedAt: new Date(task.lastUpdatedAt).toISOString(),
    ttl: task.ttlMs,
    ...(task.pollIntervalMs === null ? {} : { pollInterval: task.pollIntervalMs }),
  };
}

function isFailedByResult({ outcome, metadata }: Task): boolean {
  if (outcome?.kind !== 'result') return false;
  return outcome.result.isError === true || metadata.sdkV1Failed === true;
}

/** The first text of a result. */
function reasonIn(outcome: Task['outcome']): string {
  const content = outcome?.kind === 'result' ? outcome.result.content : null;
  const blocks = Array.isArray(content) ? (content as readonly JsonObject[]) : [];
  const text = blocks.map((block) => block.text).find((each) => typeof each === 'string');
  return typeof text === 'string'
    ? text.slice(0, REASON_CHARS).toWellFormed()
    : 'the request failed';
}
