import type { AttemptRef } from '@tasked/core';

/**
 * The environment variable by which every process of an attempt is known. Children inherit it, so it
 * finds those too that left the process group.
 */
export const ATTEMPT_VARIABLE = 'TASKED_ATTEMPT';

/** What the variable holds: `<flow id>/<task id>/<fence>`. */
export function attemptMarker({ flowId, taskId, fence }: AttemptRef): string {
  return `${flowId}/${taskId}/${fence}`;
}

/** True when `marker` names that attempt or an earlier one of the same task; never a later one. */
export function isMarkedUpTo(ref: AttemptRef, marker: string): boolean {
  const prefix = `${ref.flowId}/${ref.taskId}/`;
  if (!marker.startsWith(prefix)) return false;
  const fence = marker.slice(prefix.length);
  return /^\d+$/.test(fence) && Number(fence) <= ref.fence;
}
