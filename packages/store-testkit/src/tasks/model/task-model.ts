import type { ErrorCode, TaskStatus } from '@tasked/core';
import type { Operation, TaskCommand } from './task-command.ts';

const HOUR = 3_600_000;

/** Tasks that live longer are failed by a cleanup. */
export const MAX_LIFETIME_MS = 5 * HOUR;

/** What the model knows of a task. */
export interface ModelTask {
  readonly owner: number;
  readonly id: number;
  readonly ttlMs: number | null;
  readonly createdAt: number;
  status: TaskStatus;
  version: number;
  endedAt: number | null;
  amendments: number;
  readonly inputs: Map<string, 'outstanding' | 'answered'>;
}

/** What a command comes to: an error's code, or what the caller is told. */
export type ModelAnswer =
  | { readonly error: ErrorCode }
  | { readonly accepted: readonly string[] }
  | { readonly listed: readonly number[] }
  | { readonly task: Readonly<ModelTask> }
  | null;

/**
 * The rules of tasks once more, in the plainest words: one process, one thing after the other, nothing shared with
 * the code that it judges.
 */
export class TaskModel {
  readonly #tasks = new Map<string, ModelTask>();
  now: number;

  constructor(now: number) {
    this.now = now;
  }

  do(command: TaskCommand): ModelAnswer {
    switch (command.do) {
      case 'wait':
        this.now += command.ms;
        return null;
      case 'cleanup':
        return this.#cleanup();
      case 'list':
        return { listed: this.#list(command.owner, command.status) };
      case 'create':
        return this.#create(command);
      case 'delete':
        this.#tasks.delete(`${command.owner}/${command.id}`);
        return null;
      default: {
        const task = this.#seen(command.owner, command.id);
        return task === null ? { error: 'not_found' } : this.#change(task, command);
      }
    }
  }

  #create({ owner, id, ttlMs }: Extract<TaskCommand, { do: 'create' }>): ModelAnswer {
    if (this.#seen(owner, id) !== null) return { error: 'already_exists' };
    const task: ModelTask = {
      owner,
      id,
      ttlMs,
      createdAt: this.now,
      status: 'working',
      version: 1,
      endedAt: null,
      amendments: 0,
      inputs: new Map(),
    };
    this.#tasks.set(`${owner}/${id}`, task);
    return { task };
  }

  #change(
    task: ModelTask,
    { do: operation, keys }: { readonly do: Operation; readonly keys: readonly string[] },
  ): ModelAnswer {
    const open = [...task.inputs.keys()].filter((key) => task.inputs.get(key) === 'outstanding');
    if (operation === 'get') return { task };
    if (operation === 'answer') {
      const accepted = task.endedAt === null ? keys.filter((key) => open.includes(key)) : [];
      for (const key of accepted) task.inputs.set(key, 'answered');
      if (accepted.length > 0) task.version += 1;
      if (accepted.length > 0 && accepted.length === open.length) task.status = 'working';
      return { accepted };
    }
    if (task.endedAt !== null) return { error: 'illegal_transition' };
    switch (operation) {
      case 'amend':
        task.amendments += 1;
        break;
      case 'work':
        if (task.status === 'working' || open.length > 0) return { error: 'illegal_transition' };
        task.status = 'working';
        break;
      case 'wait-for-input':
        if (task.status === 'input_required') return { error: 'illegal_transition' };
        task.status = 'input_required';
        break;
      case 'ask':
        if (keys.length === 0 || keys.some((key) => task.inputs.has(key))) {
          return { error: 'invalid_input' };
        }
        for (const key of keys) task.inputs.set(key, 'outstanding');
        task.status = 'input_required';
        break;
      default:
        task.status = ENDS[operation as keyof typeof ENDS];
        task.endedAt = this.now;
    }
    task.version += 1;
    return { task };
  }

  #cleanup(): null {
    for (const [key, task] of this.#tasks) {
      if (task.endedAt === null && task.createdAt + MAX_LIFETIME_MS <= this.now) {
        task.status = 'failed';
        task.endedAt = this.now;
        task.version += 1;
      }
      if (this.#isOver(task)) this.#tasks.delete(key);
    }
    return null;
  }

  #list(owner: number, status: TaskStatus | null): number[] {
    return [...this.#tasks.values()]
      .filter((task) => task.owner === owner && !this.#isOver(task))
      .filter((task) => status === null || task.status === status)
      .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id)
      .map(({ id }) => id);
  }

  #seen(owner: number, id: number): ModelTask | null {
    const task = this.#tasks.get(`${owner}/${id}`);
    return task === undefined || this.#isOver(task) ? null : task;
  }

  #isOver({ endedAt, ttlMs, createdAt }: ModelTask): boolean {
    if (endedAt === null || ttlMs === null) return false;
    return this.now >= createdAt + ttlMs && this.now >= endedAt + HOUR;
  }
}

const ENDS = { cancel: 'cancelled', complete: 'completed', fail: 'failed' } as const;
