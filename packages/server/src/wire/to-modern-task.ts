import type { InputRequests, JsonObject, TaskError } from '@tasked/core';
import { isoTime } from '../flow-on-wire.ts';
import type { TaskView } from '../tasks/task-view.ts';
import type { AcceptsInput } from './input-kinds.ts';

/** A task of extension `io.modelcontextprotocol/tasks` (SEP-2663), protocol 2026-07-28. */
export interface ModernTask {
  readonly taskId: string;
  readonly status: TaskView['status'];
  readonly statusMessage?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  /** Milliseconds; null for ever. */
  readonly ttlMs: number | null;
  readonly pollIntervalMs: number;
}

/** A {@link ModernTask} with what it waits for, or how it ended: the answer to `tasks/get`. */
export interface DetailedModernTask extends ModernTask {
  readonly inputRequests?: InputRequests;
  readonly result?: JsonObject;
  readonly error?: TaskError;
}

/** What a client reads that could not answer what a task waits for. */
const ASK_BY_TOOL = 'waits for input: give it with tasked_provide_input';

/** A task as clients of the extension see it when it is created. */
export function toModernTask(view: TaskView): ModernTask {
  const { id, status, statusMessage, ttlMs, pollIntervalMs } = view;
  return {
    taskId: id,
    status,
    ...(statusMessage === null ? {} : { statusMessage }),
    createdAt: isoTime(view.createdAt),
    lastUpdatedAt: isoTime(view.lastUpdatedAt),
    ttlMs,
    pollIntervalMs,
  };
}

/**
 * A task with what it waits for, or how it ended. Requests that the client did not declare to answer are left out;
 * when none is left the task is shown as `working`, with a message that says how to answer all the same.
 */
export function toDetailedModernTask(view: TaskView, accepts: AcceptsInput): DetailedModernTask {
  const task = toModernTask(view);
  switch (view.status) {
    case 'completed':
      return view.outcome?.kind === 'result'
        ? { ...task, result: { resultType: 'complete', ...view.outcome.result } }
        : task;
    case 'failed':
      return view.outcome?.kind === 'error' ? { ...task, error: view.outcome.error } : task;
    case 'input_required': {
      const shown = Object.entries(view.inputRequests).filter(([, request]) => accepts(request));
      if (shown.length > 0) return { ...task, inputRequests: Object.fromEntries(shown) };
      return { ...task, status: 'working', statusMessage: ASK_BY_TOOL };
    }
    default:
      return task;
  }
}
