import { join } from 'node:path';
import {
  FLOW_TASK_ID,
  type FlowId,
  type FlowTaskRef,
  type LogStream,
  TaskedError,
} from '@tasked/core';

const FLOW_ID = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * The directory of a task's logs below `root`. Two tasks never share one, also where file names ignore
 * case. Throws `invalid_input` for what is no id, so that no path leads out of `root`.
 */
export function logDirectoryOf(root: string, { flowId, taskId }: FlowTaskRef): string {
  if (!FLOW_TASK_ID.test(taskId)) {
    throw new TaskedError('invalid_input', `there is no log of task ${taskId} of flow ${flowId}`);
  }
  return join(logDirectoryOfFlow(root, flowId), taskId + caseMark(taskId));
}

/** The directory of all logs of a flow below `root`. Throws as `logDirectoryOf` does. */
export function logDirectoryOfFlow(root: string, flowId: FlowId): string {
  if (FLOW_ID.test(flowId)) return join(root, flowId);
  throw new TaskedError('invalid_input', `there are no logs of flow ${flowId}`);
}

/** The name of the file of one stream of one attempt. */
export function logFileOf(fence: number, stream: LogStream): string {
  return `${fence}.${stream}`;
}

/** The fence of the last attempt that has a file among `names`; null when none has. */
export function lastFenceOf(names: readonly string[]): number | null {
  const fences = names.map((name) => Number.parseInt(name, 10)).filter(Number.isInteger);
  return fences.length === 0 ? null : Math.max(...fences);
}

/** Says in lower case which letters are upper case; nothing when none is. */
function caseMark(id: string): string {
  let upper = 0n;
  for (const letter of id) upper = (upper << 1n) | (/[A-Z]/.test(letter) ? 1n : 0n);
  return upper === 0n ? '' : `.${upper.toString(36)}`;
}
