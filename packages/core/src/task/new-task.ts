import type { EpochMs, Owner } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import { TASK_ID, type TaskId } from './task.ts';
import { refused, type TaskChange } from './task-change.ts';

/** A task to be created. */
export interface NewTask {
  readonly id: TaskId;
  readonly owner: Owner;
  readonly method: string;
  /** Omitted, or null: none. */
  readonly toolName?: string | null;
  readonly arguments?: JsonObject;
  readonly metadata?: JsonObject;
  readonly statusMessage?: string | null;
  readonly ttlMs: number | null;
  readonly pollIntervalMs?: number | null;
  readonly createdAt: EpochMs;
}

/** The first record of a task: `working`. Refuses with `invalid_input` an id, a method or a duration that is none. */
export function newTask(task: NewTask): TaskChange {
  if (!TASK_ID.test(task.id)) {
    return refused('invalid_input', 'the id of a task is 1 to 128 letters, digits, _ or -');
  }
  if (task.method === '') return refused('invalid_input', 'method is empty: name the request');
  const { ttlMs, pollIntervalMs = null } = task;
  if (!isDuration(ttlMs)) return refused('invalid_input', `ttlMs ${NO_DURATION}`);
  if (!isDuration(pollIntervalMs)) return refused('invalid_input', `pollIntervalMs ${NO_DURATION}`);
  return {
    kind: 'changed',
    task: {
      id: task.id,
      status: 'working',
      statusMessage: task.statusMessage ?? null,
      method: task.method,
      toolName: task.toolName ?? null,
      arguments: task.arguments ?? {},
      metadata: task.metadata ?? {},
      owner: task.owner,
      ttlMs,
      pollIntervalMs,
      createdAt: task.createdAt,
      lastUpdatedAt: task.createdAt,
      inputs: {},
      outcome: null,
      version: 1,
    },
  };
}

export const NO_DURATION = 'is not a whole number of milliseconds, 0 or more, or null';

/** True for a whole number of milliseconds, and for null, which means none. */
export function isDuration(ms: number | null): boolean {
  return ms === null || (Number.isSafeInteger(ms) && ms >= 0);
}
