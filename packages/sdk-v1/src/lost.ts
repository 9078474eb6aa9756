import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { isTaskedError, type Owner, type TaskId, type Tasks } from '@tasked/core';

/** Why the signal of a task that nobody works on any more aborts, and how the task fails. */
export const WORKER_LOST =
  'worker_lost: the process that worked on this task is gone; start the work anew if it is still wanted';

/** Ends a task whose process is gone; one that has ended meanwhile stays as it is. */
export async function failLost(tasks: Tasks, owner: Owner, id: TaskId): Promise<void> {
  const data = { reason: 'worker_lost' };
  const error = { code: ErrorCode.InternalError, message: WORKER_LOST, data };
  try {
    await tasks.fail(owner, id, error);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** True when a task has ended, or is not there at all. */
export function isGone(error: unknown): boolean {
  return (
    isTaskedError(error) && (error.code === 'illegal_transition' || error.code === 'not_found')
  );
}
