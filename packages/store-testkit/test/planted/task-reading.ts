import { expiresAt, type JsonValue, type Task } from '@tasked/core';
import type { TaskBug } from './task-bug.ts';

/** Bugs in reading and listing tasks, in what JSON becomes, and in what is removed when. */
export const taskReadingBugs: readonly TaskBug[] = [
  {
    name: 'invents what is not there',
    caughtBy: ['task-read.absent', 'task-delete.gone'],
    plant: (store) => ({
      getTask: async (id, owner) =>
        (await store.getTask(id, owner)) ?? ({ id, owner, version: 0 } as Task),
    }),
  },
  {
    name: 'compares owners without regard to case',
    caughtBy: ['task-read.owner', 'task-list.owner'],
    plant: (store) => ({
      createTask: (task, max) =>
        store.createTask({ ...task, owner: task.owner.toLowerCase() }, max),
      getTask: (id, owner) => store.getTask(id, owner.toLowerCase()),
      listTasks: (query) =>
        store.listTasks(
          query.owner === null ? query : { ...query, owner: query.owner.toLowerCase() },
        ),
    }),
  },
  {
    name: 'shows everything to nobody',
    caughtBy: ['task-list.owner', 'task-read.owner'],
    plant: (store) => ({
      listTasks: (query) =>
        query.owner === ''
          ? store.listTasks({ ...query, owner: null, status: query.status ?? 'working' })
          : store.listTasks(query),
    }),
  },
  {
    name: 'shows nobody’s tasks where all are meant',
    caughtBy: ['task-list.all-owners'],
    plant: (store) => ({
      listTasks: (query) => store.listTasks({ ...query, owner: query.owner ?? '' }),
    }),
  },
  {
    name: 'lists the oldest first',
    caughtBy: ['task-list.order', 'task-list.pages', 'task-list.limit'],
    plant: (store) => ({
      listTasks: async (query) => [...(await store.listTasks(query))].reverse(),
    }),
  },
  {
    name: 'orders ids as people do',
    caughtBy: ['task-list.order'],
    plant: (store) => ({
      listTasks: async (query) =>
        [...(await store.listTasks(query))].sort(
          (a, b) => b.createdAt - a.createdAt || b.id.localeCompare(a.id),
        ),
    }),
  },
  {
    name: 'pages by time alone',
    caughtBy: ['task-list.pages', 'task-list.place'],
    plant: (store) => ({
      listTasks: ({ after, ...query }) =>
        store.listTasks({ ...query, ...(after && { after: { ...after, id: '' } }) }),
    }),
  },
  {
    name: 'begins again where the page before is gone',
    caughtBy: ['task-list.place'],
    plant: (store) => ({
      async listTasks({ after, ...query }) {
        const known = after && (await store.getTask(after.id, query.owner ?? ''));
        return store.listTasks({ ...query, ...(known && after && { after }) });
      },
    }),
  },
  {
    name: 'gives one more than asked for',
    caughtBy: ['task-list.limit'],
    plant: (store) => ({
      listTasks: (query) => store.listTasks({ ...query, limit: query.limit + 1 }),
    }),
  },
  {
    name: 'filters after it has cut the page',
    caughtBy: ['task-list.status'],
    plant: (store) => ({
      async listTasks({ status, ...query }) {
        if (query.owner === null) return store.listTasks({ ...query, status: status ?? 'working' });
        const page = await store.listTasks(query as { owner: string; limit: number });
        return page.filter((task) => status === undefined || task.status === status);
      },
    }),
  },
  {
    name: 'keeps JSON in a column that takes no NUL',
    caughtBy: ['task-json.strings'],
    plant: (store) => ({
      createTask: (task, max) => store.createTask(withoutNul(task), max),
    }),
  },
  {
    name: 'merges keys into objects that have a prototype',
    caughtBy: ['task-json.values', 'task-json.input-keys'],
    plant: (store) => ({
      async getTask(id, owner) {
        const task = await store.getTask(id, owner);
        return task && (assigned(task as unknown as JsonValue) as unknown as Task);
      },
    }),
  },
  {
    name: 'cuts what is larger than a mebibyte',
    caughtBy: ['task-json.large'],
    plant: (store) => ({
      createTask: (task, max) =>
        JSON.stringify(task).length > 1_048_576
          ? Promise.reject(new Error('too large'))
          : store.createTask(task, max),
    }),
  },
  {
    name: 'removes a millisecond too early',
    caughtBy: ['task-expiry.exact', 'task-expiry.follows'],
    plant: (store) => ({
      deleteExpiredTasks: (now, limit) => store.deleteExpiredTasks(now + 1, limit),
    }),
  },
  {
    name: 'removes a millisecond too late',
    caughtBy: ['task-expiry.exact', 'task-expiry.follows'],
    plant: (store) => ({
      deleteExpiredTasks: (now, limit) => store.deleteExpiredTasks(now - 1, limit),
    }),
  },
  {
    name: 'removes what lives, when its time to live is over',
    caughtBy: ['task-expiry.spares', 'task-expiry.limit'],
    plant: (store) => ({
      async deleteExpiredTasks(now, limit) {
        const live = await store.listTasks({ owner: null, status: 'working', limit: 10 });
        for (const { id, owner, ttlMs } of live) {
          if (ttlMs !== null && ttlMs < now) await store.deleteTask(id, owner);
        }
        return store.deleteExpiredTasks(now, limit);
      },
    }),
  },
  {
    name: 'removes what is to be kept for ever',
    caughtBy: ['task-expiry.spares'],
    plant: (store) => ({
      async deleteExpiredTasks(now, limit) {
        const ended = await store.listTasks({ owner: null, status: 'completed', limit: 10 });
        for (const task of ended) {
          if (expiresAt(task) === null) await store.deleteTask(task.id, task.owner);
        }
        return store.deleteExpiredTasks(now, limit);
      },
    }),
  },
  {
    name: 'knows no limit when it removes',
    caughtBy: ['task-expiry.limit'],
    plant: (store) => ({ deleteExpiredTasks: (now) => store.deleteExpiredTasks(now, 1_000) }),
  },
  {
    name: 'says that it removed, and does not',
    caughtBy: ['task-expiry.exact', 'task-expiry.frees'],
    plant: () => ({ deleteExpiredTasks: async () => 0 }),
  },
];

/** JSON text has NUL only as an escape. */
function withoutNul(task: Task): Task {
  return JSON.parse(JSON.stringify(task).replaceAll(String.raw`\u0000`, '')) as Task;
}

/** A copy made as careless code makes it. */
function assigned(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(assigned);
  const copy: Record<string, JsonValue> = {};
  for (const [key, inner] of Object.entries(value)) copy[key] = assigned(inner as JsonValue);
  return copy;
}
