import { isTerminal, type TaskId, type TaskStatus } from '@tasked/core';

/** What a task is, as far as the wire tells. */
export interface ModelTask {
  readonly id: TaskId;
  readonly owner: string;
  readonly status: TaskStatus;
  /** True for a result with `isError`, which one generation takes for a failure. */
  readonly isError: boolean;
  /** Every key that was ever asked, and whether it was answered. */
  readonly inputs: Readonly<Record<string, 'open' | 'answered'>>;
}

export function newModelTask(id: TaskId, owner: string): ModelTask {
  return { id, owner, status: 'working', isError: false, inputs: {} };
}

export function isLive({ status }: ModelTask): boolean {
  return !isTerminal(status);
}

export function openKeys({ inputs }: ModelTask): readonly string[] {
  return Object.keys(inputs).filter((key) => inputs[key] === 'open');
}

/** What each operation makes of a task; one that has ended stays what it is. */
export const TO = {
  cancelled: (task: ModelTask): ModelTask => ended(task, { status: 'cancelled' }),
  completed: (task: ModelTask, isError: boolean): ModelTask =>
    ended(task, { status: 'completed', isError }),
  failed: (task: ModelTask): ModelTask => ended(task, { status: 'failed' }),
  asked: (task: ModelTask, key: string): ModelTask =>
    isLive(task)
      ? { ...task, status: 'input_required', inputs: { ...task.inputs, [key]: 'open' } }
      : task,
  answered(task: ModelTask, key: string): ModelTask {
    if (!isLive(task) || task.inputs[key] !== 'open') return task;
    const next: ModelTask = { ...task, inputs: { ...task.inputs, [key]: 'answered' } };
    return openKeys(next).length > 0 ? next : { ...next, status: 'working' };
  },
};

function ended(task: ModelTask, end: Partial<ModelTask>): ModelTask {
  return isLive(task) ? { ...task, ...end } : task;
}

/** The status that a client of 2025-11-25 sees. */
export function legacyStatus({ status, isError }: ModelTask): TaskStatus {
  return status === 'completed' && isError ? 'failed' : status;
}
