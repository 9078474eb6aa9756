import {
  decodeJson,
  type EpochMs,
  encodeJson,
  expiresAt,
  type JsonValue,
  type ListPlace,
  type ListTasks,
  type Owner,
  type Task,
  type TaskId,
  type TaskStatus,
  type TaskStore,
} from '@tasked/core';
import { SortedSet } from './sorted-set.ts';

/** A task as it is kept: text, so that nobody outside can change it, and what is looked for. */
interface StoredTask extends ListPlace {
  readonly owner: Owner;
  readonly status: TaskStatus;
  readonly version: number;
  readonly expiresAt: EpochMs | null;
  readonly json: string;
}

type TaskList = SortedSet<ListPlace & { readonly owner: Owner }, StoredTask>;

/** A {@link TaskStore} in the memory of this process. */
export class MemoryTaskStore implements TaskStore {
  readonly #byOwner = new Map<Owner, Map<TaskId, StoredTask>>();
  readonly #lists = new Map<Owner, TaskList>();
  readonly #all: TaskList = newList();
  readonly #expiring = new SortedSet<ExpiryPlace, StoredTask & ExpiryPlace>(
    (a, b) => a.expiresAt - b.expiresAt || compareTasks(a, b),
  );

  async createTask(task: Task, maxOwned: number): Promise<'created' | 'exists' | 'full'> {
    const owned = this.#byOwner.get(task.owner);
    if (owned?.has(task.id)) return 'exists';
    if ((owned?.size ?? 0) >= maxOwned) return 'full';
    this.#add(stored(task));
    return 'created';
  }

  async getTask(id: TaskId, owner: Owner): Promise<Task | null> {
    const found = this.#byOwner.get(owner)?.get(id);
    return found === undefined ? null : taskOf(found);
  }

  async updateTask(next: Task, expectedVersion: number): Promise<boolean> {
    const found = this.#byOwner.get(next.owner)?.get(next.id);
    if (found?.version !== expectedVersion) return false;
    const replacement = stored(next);
    this.#remove(found);
    this.#add(replacement);
    return true;
  }

  async deleteTask(id: TaskId, owner: Owner): Promise<void> {
    const found = this.#byOwner.get(owner)?.get(id);
    if (found !== undefined) this.#remove(found);
  }

  async listTasks({ owner, status, limit, after }: ListTasks): Promise<readonly Task[]> {
    const list = owner === null ? this.#all : this.#lists.get(owner);
    const found: Task[] = [];
    if (list === undefined || limit <= 0) return found;
    for (const task of list.downwards(after && { ...after, owner: '' })) {
      if (status !== undefined && task.status !== status) continue;
      found.push(taskOf(task));
      if (found.length === limit) break;
    }
    return found;
  }

  async deleteExpiredTasks(now: EpochMs, limit: number): Promise<number> {
    let deleted = 0;
    for (; deleted < limit; deleted++) {
      const first = this.#expiring.first();
      if (first === undefined || first.expiresAt > now) break;
      this.#remove(first);
    }
    return deleted;
  }

  #add(task: StoredTask): void {
    const { owner } = task;
    const owned = this.#byOwner.get(owner) ?? new Map<TaskId, StoredTask>();
    const list = this.#lists.get(owner) ?? newList();
    this.#byOwner.set(owner, owned.set(task.id, task));
    this.#lists.set(owner, list);
    list.add(task);
    this.#all.add(task);
    if (expires(task)) this.#expiring.add(task);
  }

  #remove(task: StoredTask): void {
    const { owner } = task;
    this.#lists.get(owner)?.delete(task);
    this.#all.delete(task);
    if (expires(task)) this.#expiring.delete(task);
    const owned = this.#byOwner.get(owner);
    owned?.delete(task.id);
    if (owned?.size !== 0) return;
    this.#byOwner.delete(owner);
    this.#lists.delete(owner);
  }
}

interface ExpiryPlace extends ListPlace {
  readonly owner: Owner;
  readonly expiresAt: EpochMs;
}

function expires(task: StoredTask): task is StoredTask & ExpiryPlace {
  return task.expiresAt !== null;
}

function stored(task: Task): StoredTask {
  const { id, owner, status, version, createdAt } = task;
  const json = encodeJson(task as unknown as JsonValue, `task ${id}`);
  return { id, owner, status, version, createdAt, expiresAt: expiresAt(task), json };
}

function taskOf({ json }: StoredTask): Task {
  return decodeJson<JsonValue>(json) as unknown as Task;
}

function newList(): TaskList {
  return new SortedSet(compareTasks);
}

function compareTasks(
  a: ListPlace & { readonly owner: Owner },
  b: ListPlace & { readonly owner: Owner },
): number {
  return a.createdAt - b.createdAt || compareTexts(a.id, b.id) || compareTexts(a.owner, b.owner);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
