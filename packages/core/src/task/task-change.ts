import type { ErrorCode } from '../errors.ts';
import type { EpochMs } from '../ids.ts';
import type { Task } from './task.ts';

/** What a change of a task comes to: the next record, or what is wrong with it. */
export type TaskChange = ChangedTask | TaskRefusal;

/** The record that comes next. */
export interface ChangedTask {
  readonly kind: 'changed';
  readonly task: Task;
}

/** Why a task cannot be changed so. */
export interface TaskRefusal {
  readonly kind: 'refused';
  readonly code: Extract<ErrorCode, 'illegal_transition' | 'invalid_input'>;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** When a change is made, and what it lets people know. */
export interface ChangeNote {
  readonly now: EpochMs;
  /** Omitted: nothing, and what was said before is over. */
  readonly statusMessage?: string | null;
}

/** The record after a change at `now`; a clock that went backwards moves no time back. */
export function changed(task: Task, fields: Partial<Task>, now: EpochMs): ChangedTask {
  const lastUpdatedAt = Math.max(now, task.lastUpdatedAt);
  return {
    kind: 'changed',
    task: { ...task, ...fields, lastUpdatedAt, version: task.version + 1 },
  };
}

export function refused(code: TaskRefusal['code'], message: string): TaskRefusal {
  return { kind: 'refused', code, message };
}
