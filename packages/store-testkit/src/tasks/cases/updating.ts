import type { Task, TaskStore } from '@tasked/core';
import { expect } from 'vitest';
import { endedTask, taskRecord } from '../../builders/task-record.ts';
import type { TaskStoreCase } from '../task-store-case.ts';

/** What `updateTask` promises. */
export const taskUpdatingCases: readonly TaskStoreCase[] = [
  {
    id: 'task-update.replaces',
    title: 'the next record takes the place of the one before, whole',
    async run(at) {
      const task = await at.create({ owner: 'me', metadata: { gone: 1, kept: 2 } });
      const next: Task = {
        ...task,
        status: 'failed',
        statusMessage: 'no space left',
        metadata: { kept: 2, added: 3 },
        ttlMs: 5,
        pollIntervalMs: 10,
        lastUpdatedAt: 9_000,
        outcome: { kind: 'error', error: { code: -32_603, message: 'no space left', data: [1] } },
        version: 2,
      };
      expect(await at.store.updateTask(next, 1)).toBe(true);
      expect(await at.read(task)).toEqual(next);
      expect(await at.store.listTasks({ owner: 'me', limit: 10 })).toEqual([next]);
    },
  },
  {
    id: 'task-update.stale',
    title: 'a record made from an older, or a future, version changes nothing',
    async run(at) {
      const task = await at.create();
      const second = await at.put({ ...task, version: 2 });
      for (const expected of [0, 1, 3]) {
        const next = { ...endedTask(task, 2_000), version: expected + 1 };
        expect(await at.store.updateTask(next, expected)).toBe(false);
      }
      expect(await at.read(task)).toEqual(second);
    },
  },
  {
    id: 'task-update.absent',
    title: 'a task that is not there, or belongs to somebody else, is neither changed nor created',
    async run(at) {
      const task = taskRecord({ owner: 'me' });
      for (const expected of [0, 1]) {
        const next = { ...task, version: expected + 1 };
        expect(await at.store.updateTask(next, expected)).toBe(false);
      }
      expect(await at.read(task)).toBeNull();
      await at.create(task);
      expect(await at.store.updateTask({ ...task, owner: 'you', version: 2 }, 1)).toBe(false);
      expect(await at.store.getTask(task.id, 'you')).toBeNull();
      expect(await at.read(task)).toEqual(task);
    },
  },
  {
    id: 'task-update.race',
    title: 'of many that expect one version, one succeeds',
    async run(at) {
      const task = await at.create();
      await raceForOneVersion(task, [at.store]);
    },
  },
  {
    id: 'task-update.count',
    title: 'no change is lost when many that retry change one task',
    async run(at) {
      const task = await at.create({ metadata: { count: 0 } });
      await Promise.all(Array.from({ length: 10 }, () => countTo(at.store, task, 3)));
      expect(await at.read(task)).toMatchObject({ metadata: { count: 30 }, version: 31 });
    },
  },
];

/** Many writers that all saw the first version; exactly one may win. */
export async function raceForOneVersion(task: Task, stores: readonly TaskStore[]): Promise<void> {
  const racers = Array.from({ length: 20 }, (_, n) => ({ ...task, toolName: `${n}`, version: 2 }));
  const won = await Promise.all(
    racers.map((next, n) => (stores[n % stores.length] as TaskStore).updateTask(next, 1)),
  );
  expect(won.filter(Boolean)).toHaveLength(1);
  const winner = racers[won.indexOf(true)];
  for (const store of stores) expect(await store.getTask(task.id, task.owner)).toEqual(winner);
}

/** Adds one to a count so many times, by compare-and-set. */
export async function countTo(store: TaskStore, { id, owner }: Task, times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const task = await store.getTask(id, owner);
    if (task === null) throw new Error(`task ${id} is missing`);
    const metadata = { count: Number(task.metadata.count) + 1 };
    const next = { ...task, metadata, version: task.version + 1 };
    if (await store.updateTask(next, task.version)) done += 1;
  }
}
