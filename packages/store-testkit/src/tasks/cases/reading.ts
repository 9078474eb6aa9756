import { expect } from 'vitest';
import { endedTask, taskRecord } from '../../builders/task-record.ts';
import type { TaskStoreCase } from '../task-store-case.ts';

/** What `getTask` and `deleteTask` promise, and that nobody changes from outside what is inside. */
export const taskReadingCases: readonly TaskStoreCase[] = [
  {
    id: 'task-read.absent',
    title: 'a task that never was is null',
    async run(at) {
      expect(await at.read(taskRecord())).toBeNull();
    },
  },
  {
    id: 'task-read.owner',
    title: 'a task is read by its owner exactly: no prefix, no other case, not by nobody',
    async run(at) {
      const task = await at.create({ owner: '["ann","acme"]' });
      for (const owner of [
        '',
        '["ann"',
        '["ANN","acme"]',
        '["ann","acme"] ',
        '%',
        '["ann",null]',
      ]) {
        expect(await at.store.getTask(task.id, owner)).toBeNull();
        expect(await at.ids({ owner })).toEqual([]);
      }
      expect(await at.store.getTask(task.id.toUpperCase(), task.owner)).toBeNull();
    },
  },
  {
    id: 'task-read.own-copies',
    title: 'what callers do to what they gave, or got, changes nothing inside',
    async run(at) {
      const given = taskRecord({ arguments: { list: [1] }, metadata: { a: 1 } });
      const kept = structuredClone(given);
      await at.store.createTask(given, 10);
      spoil(given.arguments);
      expect(await at.read(kept)).toEqual(kept);
      const next = endedTask(kept, 2_000);
      const keptNext = structuredClone(next);
      await at.put(next);
      spoil(next.metadata);
      spoil((await at.read(kept))?.arguments);
      spoil((await at.store.listTasks({ owner: '', limit: 1 }))[0]?.metadata);
      expect(await at.read(kept)).toEqual(keptNext);
    },
  },
  {
    id: 'task-delete.gone',
    title: 'a task that was deleted is gone, from lists too, and its id is free',
    async run(at) {
      const task = await at.create({ owner: 'me' });
      const other = await at.create({ owner: 'me' });
      await at.store.deleteTask(task.id, 'me');
      expect(await at.read(task)).toBeNull();
      expect(await at.ids({ owner: 'me' })).toEqual([other.id]);
      expect(await at.store.updateTask(endedTask(task, 2_000), 1)).toBe(false);
      expect(await at.read(task)).toBeNull();
      await at.create(task);
      expect(await at.read(task)).toEqual(task);
    },
  },
  {
    id: 'task-delete.again',
    title: 'deleting what is not there does nothing',
    async run(at) {
      const task = await at.create();
      await at.store.deleteTask(task.id, '');
      await at.store.deleteTask(task.id, '');
      await at.store.deleteTask('never', '');
    },
  },
  {
    id: 'task-delete.owner',
    title: 'nobody deletes a task of somebody else',
    async run(at) {
      const task = await at.create({ owner: 'me' });
      for (const owner of ['', 'you', 'ME']) await at.store.deleteTask(task.id, owner);
      expect(await at.read(task)).toEqual(task);
    },
  },
];

function spoil(object: object | undefined): void {
  if (object === undefined) throw new Error('there is nothing to spoil');
  Object.assign(object, { spoilt: true });
}
