import type { Task, TaskStore } from '@tasked/core';
import { MemoryTaskStore } from '@tasked/store-memory';
import type { TaskStoreCaseId, TaskStoreSubject } from '@tasked/store-testkit';

/** A store of tasks that is right but for one thing. */
export interface TaskBug {
  /** What an author might have got wrong. */
  readonly name: string;
  /** Cases that MUST notice; others may. */
  readonly caughtBy: readonly TaskStoreCaseId[];
  readonly plant: (correct: Required<Omit<TaskStore, 'cancelTask'>>) => Partial<TaskStore>;
  /** Where the bug is: in every store (if omitted), or only in those that open data again. */
  readonly where?: 'everywhere' | 'again';
}

/** Data in memory behind stores that come and go, with the bug planted where it belongs. */
export function subjectWith({ name, plant, where = 'everywhere' }: TaskBug): TaskStoreSubject {
  const dataOf = new WeakMap<TaskStore, MemoryTaskStore>();
  const door = (data: MemoryTaskStore, sound: boolean): TaskStore => {
    const store = sound ? replacing(data, {}) : replacing(data, plant(replacing(data, {})));
    dataOf.set(store, data);
    return store;
  };
  const again = async (store: TaskStore): Promise<TaskStore> => {
    const data = dataOf.get(store);
    if (data === undefined) throw new Error('this store was not opened here');
    return door(data, false);
  };
  return {
    name,
    open: async () => door(new MemoryTaskStore(), where === 'again'),
    reopen: again,
    openSecond: again,
  };
}

function replacing(
  data: MemoryTaskStore,
  methods: Partial<TaskStore>,
): Required<Omit<TaskStore, 'cancelTask'>> {
  return {
    createTask: (task, maxOwned) => data.createTask(task, maxOwned),
    getTask: (id, owner) => data.getTask(id, owner),
    updateTask: (next, expectedVersion) => data.updateTask(next, expectedVersion),
    deleteTask: (id, owner) => data.deleteTask(id, owner),
    listTasks: (query) => data.listTasks(query),
    deleteExpiredTasks: (now, limit) => data.deleteExpiredTasks(now, limit),
    ...methods,
  };
}

/** A text that names a task. */
export function keyOf({ id, owner }: Pick<Task, 'id' | 'owner'>): string {
  return JSON.stringify([id, owner]);
}

/** Puts a task in its place, whatever is there, without a moment in which others see none. */
export async function force(store: TaskStore, task: Task): Promise<boolean> {
  const [, answer] = await Promise.all([
    store.deleteTask(task.id, task.owner),
    store.createTask(task, Number.MAX_SAFE_INTEGER),
  ]);
  return answer === 'created';
}
