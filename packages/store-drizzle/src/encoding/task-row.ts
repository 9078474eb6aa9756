import {
  decodeJson,
  type EpochMs,
  encodeJson,
  expiresAt,
  type JsonValue,
  type Owner,
  type Task,
  type TaskId,
  type TaskStatus,
} from '@tasked/core';

/** Codes of `task.status`; never renumbered or reused. */
export const TASK_STATUS = {
  working: 0,
  input_required: 1,
  completed: 2,
  failed: 3,
  cancelled: 4,
} as const satisfies Record<TaskStatus, number>;

/** A task as its row has it: whole as text, and beside it what is looked for. */
export interface TaskRow {
  readonly owner: Owner;
  readonly id: TaskId;
  readonly status: number;
  readonly version: number;
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs | null;
  readonly json: string;
}

export function taskRowOf(task: Task): TaskRow {
  const { owner, id, status, version, createdAt } = task;
  const json = encodeJson(task as unknown as JsonValue, `task ${id}`);
  return {
    owner,
    id,
    status: TASK_STATUS[status],
    version,
    createdAt,
    expiresAt: expiresAt(task),
    json,
  };
}

export function taskOf({ json }: Pick<TaskRow, 'json'>): Task {
  return decodeJson<JsonValue>(json) as unknown as Task;
}
