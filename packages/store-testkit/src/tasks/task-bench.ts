import type { ListTasks, Owner, Task, TaskStore } from '@tasked/core';
import { expect } from 'vitest';
import { taskRecord } from '../builders/task-record.ts';
import type { TaskStoreSubject } from './task-store-subject.ts';

/** More than any case has. */
const MANY = 100_000;

/** What a case works with: a store of tasks on data of its own. */
export class TaskBench {
  readonly store: TaskStore;
  readonly #subject: TaskStoreSubject;
  /** Every store of this case that is open. */
  readonly #opened: Set<TaskStore>;

  private constructor(subject: TaskStoreSubject, store: TaskStore, opened: Set<TaskStore>) {
    this.store = store;
    this.#subject = subject;
    this.#opened = opened;
    opened.add(store);
  }

  static async open(subject: TaskStoreSubject): Promise<TaskBench> {
    return new TaskBench(subject, await subject.open(), new Set());
  }

  /** Closes this store and opens its data again. */
  async reopen(): Promise<TaskBench> {
    if (this.#subject.reopen === undefined) throw new Error('this store cannot be reopened');
    await this.#close(this.store);
    return new TaskBench(this.#subject, await this.#subject.reopen(this.store), this.#opened);
  }

  /** Opens one more store on the same data. */
  async openSecond(): Promise<TaskBench> {
    if (this.#subject.openSecond === undefined) throw new Error('this data cannot be shared');
    return new TaskBench(this.#subject, await this.#subject.openSecond(this.store), this.#opened);
  }

  /** Closes every store of this case. */
  async close(): Promise<void> {
    for (const store of [...this.#opened]) await this.#close(store);
  }

  /** Creates a task, which must succeed. */
  async create(fields: Partial<Task> = {}): Promise<Task> {
    const task = taskRecord(fields);
    expect(await this.store.createTask(task, MANY)).toBe('created');
    return task;
  }

  /** Puts `next` in the place of the version before it, which must succeed. */
  async put(next: Task): Promise<Task> {
    expect(await this.store.updateTask(next, next.version - 1)).toBe(true);
    return next;
  }

  /** What the store has in the place of that task. */
  read(task: Task): Promise<Task | null> {
    return this.store.getTask(task.id, task.owner);
  }

  /** The ids of a list. */
  async ids(query: { readonly owner: Owner } & Partial<ListTasks>): Promise<readonly string[]> {
    const tasks = await this.store.listTasks({ limit: MANY, ...query });
    return tasks.map(({ id }) => id);
  }

  /** Removes what is over; for a store that can. */
  async deleteExpired(now: number, limit = MANY): Promise<number> {
    if (this.store.deleteExpiredTasks === undefined) {
      return expect.fail('the store has no deleteExpiredTasks: say so by expiresByItself');
    }
    return this.store.deleteExpiredTasks(now, limit);
  }

  async #close(store: TaskStore): Promise<void> {
    if (this.#opened.delete(store)) await this.#subject.close?.(store);
  }
}
