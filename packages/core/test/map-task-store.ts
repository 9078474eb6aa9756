import type { ListTasks, Task, TaskStore } from '../src/index.ts';

/** The least a store can be: records by owner and id, in one map. */
export class MapTaskStore implements TaskStore {
  readonly #tasks = new Map<string, Task>();

  async createTask(task: Task, maxOwned: number): Promise<'created' | 'exists' | 'full'> {
    if (this.#tasks.has(keyOf(task.id, task.owner))) return 'exists';
    const owned = [...this.#tasks.values()].filter(({ owner }) => owner === task.owner);
    if (owned.length >= maxOwned) return 'full';
    this.#tasks.set(keyOf(task.id, task.owner), task);
    return 'created';
  }

  async getTask(id: string, owner: string): Promise<Task | null> {
    return this.#tasks.get(keyOf(id, owner)) ?? null;
  }

  async updateTask(next: Task, expectedVersion: number): Promise<boolean> {
    const key = keyOf(next.id, next.owner);
    if (this.#tasks.get(key)?.version !== expectedVersion) return false;
    this.#tasks.set(key, next);
    return true;
  }

  async deleteTask(id: string, owner: string): Promise<void> {
    this.#tasks.delete(keyOf(id, owner));
  }

  async listTasks({ owner, status, limit, after }: ListTasks): Promise<readonly Task[]> {
    return [...this.#tasks.values()]
      .filter((task) => owner === null || task.owner === owner)
      .filter((task) => status === undefined || task.status === status)
      .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
      .filter(
        ({ createdAt, id }) =>
          after === undefined ||
          createdAt < after.createdAt ||
          (createdAt === after.createdAt && id < after.id),
      )
      .slice(0, limit);
  }
}

function keyOf(id: string, owner: string): string {
  return JSON.stringify([id, owner]);
}
