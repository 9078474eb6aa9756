import type { Task } from '@tasked/core';
import { MemoryTaskStore } from '@tasked/store-memory';
import { keyOf, type TaskBug } from './task-bug.ts';

/** Bugs that show only in a second store, or after a reopen. */
export const taskSharingBugs: readonly TaskBug[] = [
  {
    name: 'keeps nothing',
    caughtBy: ['task-reopening.records', 'task-sharing.reads'],
    where: 'again',
    plant() {
      const own = new MemoryTaskStore();
      return {
        createTask: (task, max) => own.createTask(task, max),
        getTask: (id, owner) => own.getTask(id, owner),
        updateTask: (next, expected) => own.updateTask(next, expected),
        listTasks: (query) => own.listTasks(query),
      };
    },
  },
  {
    name: 'remembers what it read',
    caughtBy: ['task-sharing.reads', 'task-sharing.update-race'],
    where: 'again',
    plant(store) {
      const read = new Map<string, Task>();
      return {
        async getTask(id, owner) {
          const known = read.get(keyOf({ id, owner })) ?? (await store.getTask(id, owner));
          if (known !== null) read.set(keyOf(known), known);
          return known;
        },
        async updateTask(next, expected) {
          const done = await store.updateTask(next, expected);
          read.set(keyOf(next), next);
          return done;
        },
      };
    },
  },
  {
    name: 'compares with a version of its own',
    caughtBy: ['task-sharing.count', 'task-sharing.update-race'],
    where: 'again',
    plant: (store) => ({
      async updateTask(next) {
        const task = await store.getTask(next.id, next.owner);
        return task !== null && store.updateTask(next, task.version);
      },
    }),
  },
  {
    name: 'takes an id for free that another store has used',
    caughtBy: ['task-sharing.create-race', 'task-reopening.records'],
    where: 'again',
    plant: (store) => ({
      async createTask(task, max) {
        await store.deleteTask(task.id, task.owner);
        return store.createTask(task, max);
      },
    }),
  },
  {
    name: 'counts what it found as what it removed',
    caughtBy: ['task-sharing.expiry'],
    where: 'again',
    plant: (store) => ({
      async deleteExpiredTasks(now, limit) {
        const found = await store.listTasks({ owner: null, status: 'completed', limit });
        await store.deleteExpiredTasks(now, limit);
        return found.length;
      },
    }),
  },
];
