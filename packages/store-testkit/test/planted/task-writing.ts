import type { Task } from '@tasked/core';
import { force, keyOf, type TaskBug } from './task-bug.ts';

/** Bugs in creating, changing and deleting tasks. */
export const taskWritingBugs: readonly TaskBug[] = [
  {
    name: 'puts a new task in the place of one with its id',
    caughtBy: ['task-create.exists', 'task-create.race'],
    plant: (store) => ({
      createTask: async (task) => ((await force(store, task)) ? 'created' : 'exists'),
    }),
  },
  {
    name: 'takes an id for used when another owner uses it',
    caughtBy: ['task-create.per-owner'],
    plant(store) {
      const used = new Set<string>();
      return {
        async createTask(task, maxOwned) {
          if (used.has(task.id)) return 'exists';
          used.add(task.id);
          return store.createTask(task, maxOwned);
        },
      };
    },
  },
  {
    name: 'counts the tasks of all owners',
    caughtBy: ['task-create.full'],
    plant(store) {
      let count = 0;
      return {
        async createTask(task, maxOwned) {
          if (count >= maxOwned) return 'full';
          const answer = await store.createTask(task, maxOwned);
          if (answer === 'created') count += 1;
          return answer;
        },
      };
    },
  },
  {
    name: 'knows no limit of tasks',
    caughtBy: ['task-create.full', 'task-expiry.frees'],
    plant: (store) => ({ createTask: (task) => store.createTask(task, Number.MAX_SAFE_INTEGER) }),
  },
  {
    name: 'looks for the id, waits, and creates',
    caughtBy: ['task-create.race', 'task-sharing.create-race'],
    plant: (store) => ({
      async createTask(task) {
        const known = await store.getTask(task.id, task.owner);
        return known === null && (await force(store, task)) ? 'created' : 'exists';
      },
    }),
  },
  {
    name: 'stores what it knows of a task, and drops what it does not',
    caughtBy: ['task-create.whole'],
    plant: (store) => ({
      createTask: (task, maxOwned) => store.createTask({ ...task, metadata: {} }, maxOwned),
    }),
  },
  {
    name: 'changes a task whatever its version',
    caughtBy: ['task-update.stale', 'task-update.race', 'task-update.count'],
    plant: (store) => ({
      async updateTask(next) {
        const task = await store.getTask(next.id, next.owner);
        return task !== null && force(store, next);
      },
    }),
  },
  {
    name: 'takes any version from the expected one on',
    caughtBy: ['task-update.stale'],
    plant: (store) => ({
      async updateTask(next, expectedVersion) {
        const task = await store.getTask(next.id, next.owner);
        if (task === null || task.version < expectedVersion) return false;
        return store.updateTask(next, task.version);
      },
    }),
  },
  {
    name: 'compares the version, waits, and changes',
    caughtBy: ['task-update.race', 'task-update.count', 'task-sharing.update-race'],
    plant: (store) => ({
      async updateTask(next, expectedVersion) {
        const task = await store.getTask(next.id, next.owner);
        return task?.version === expectedVersion && force(store, next);
      },
    }),
  },
  {
    name: 'creates what it was to change',
    caughtBy: ['task-update.absent', 'task-delete.gone'],
    plant: (store) => ({
      async updateTask(next, expectedVersion) {
        return (
          (await store.updateTask(next, expectedVersion)) ||
          (await store.createTask(next, 100)) === 'created'
        );
      },
    }),
  },
  {
    name: 'merges metadata where it should replace them',
    caughtBy: ['task-update.replaces'],
    plant: (store) => ({
      async updateTask(next, expectedVersion) {
        const before = await store.getTask(next.id, next.owner);
        const metadata = { ...before?.metadata, ...next.metadata };
        return store.updateTask({ ...next, metadata }, expectedVersion);
      },
    }),
  },
  {
    name: 'deletes a task of anybody',
    caughtBy: ['task-delete.owner'],
    plant(store) {
      const owners = new Map<string, string>();
      return {
        createTask(task, maxOwned) {
          owners.set(task.id, task.owner);
          return store.createTask(task, maxOwned);
        },
        deleteTask: (id, owner) => store.deleteTask(id, owners.get(id) ?? owner),
      };
    },
  },
  {
    name: 'throws when there is nothing to delete',
    caughtBy: ['task-delete.again'],
    plant: (store) => ({
      async deleteTask(id, owner) {
        if ((await store.getTask(id, owner)) === null) throw new Error('no such task');
        await store.deleteTask(id, owner);
      },
    }),
  },
  {
    name: 'marks what was deleted, and keeps its id',
    caughtBy: ['task-delete.gone'],
    plant(store) {
      const deleted = new Set<string>();
      return {
        async createTask(task, maxOwned) {
          return deleted.has(keyOf(task)) ? 'exists' : store.createTask(task, maxOwned);
        },
        deleteTask(id, owner) {
          deleted.add(keyOf({ id, owner }));
          return store.deleteTask(id, owner);
        },
      };
    },
  },
  {
    name: 'hands out its own objects',
    caughtBy: ['task-read.own-copies'],
    plant(store) {
      const own = new Map<string, Task>();
      return {
        async getTask(id, owner) {
          const task = await store.getTask(id, owner);
          const held = own.get(keyOf({ id, owner }));
          if (task === null || held?.version === task.version) return held ?? task;
          own.set(keyOf(task), task);
          return task;
        },
      };
    },
  },
];
