import { expect } from 'vitest';
import { endedTask, taskRecord } from '../../builders/task-record.ts';
import type { TaskStoreCase } from '../task-store-case.ts';
import { countTo, raceForOneVersion } from './updating.ts';

/** Data that outlive their store, and several stores on the same data, as several processes have them. */
export const taskSharingCases: readonly TaskStoreCase[] = [
  {
    id: 'task-reopening.records',
    title: 'what was acknowledged is there when the data are opened again, as it was',
    needs: ['reopen'],
    async run(at) {
      const live = await at.create({ owner: 'me', createdAt: 1 });
      const over = await at.put(endedTask(await at.create({ owner: 'me', createdAt: 2 }), 9));
      const deleted = await at.create({ owner: 'me', createdAt: 3 });
      await at.store.deleteTask(deleted.id, 'me');
      let again = await at.reopen();
      again = await again.reopen();
      expect(await again.store.listTasks({ owner: 'me', limit: 9 })).toEqual([over, live]);
      expect(await again.store.createTask(live, 100)).toBe('exists');
      expect(await again.store.updateTask({ ...live, version: 2 }, 1)).toBe(true);
    },
  },
  {
    id: 'task-sharing.reads',
    title: 'what one store has acknowledged, another reads at once',
    needs: ['openSecond'],
    async run(at) {
      const other = await at.openSecond();
      const task = await at.create({ owner: 'me' });
      expect(await other.read(task)).toEqual(task);
      const next = await other.put(endedTask(task, 2_000));
      expect(await at.read(task)).toEqual(next);
      expect(await at.ids({ owner: 'me', status: 'completed' })).toEqual([task.id]);
      await at.store.deleteTask(task.id, 'me');
      expect(await other.read(task)).toBeNull();
    },
  },
  {
    id: 'task-sharing.create-race',
    title: 'of many stores that create one id at the same moment, one does',
    needs: ['openSecond'],
    async run(at) {
      const stores = [at.store, (await at.openSecond()).store, (await at.openSecond()).store];
      for (let round = 0; round < 5; round++) {
        const task = taskRecord();
        const answers = await Promise.all(
          [...stores, ...stores].map((store) => store.createTask(task, 100)),
        );
        expect(answers.filter((answer) => answer === 'created')).toHaveLength(1);
        expect(answers.filter((answer) => answer === 'exists')).toHaveLength(5);
      }
    },
  },
  {
    id: 'task-sharing.update-race',
    title: 'of many stores that expect one version, one succeeds, and all see the same',
    needs: ['openSecond'],
    async run(at) {
      const stores = [at.store, (await at.openSecond()).store, (await at.openSecond()).store];
      for (let round = 0; round < 5; round++) await raceForOneVersion(await at.create(), stores);
    },
  },
  {
    id: 'task-sharing.count',
    title: 'no change is lost when several stores change one task',
    needs: ['openSecond'],
    async run(at) {
      const stores = [at.store, (await at.openSecond()).store];
      const task = await at.create({ metadata: { count: 0 } });
      await Promise.all([...stores, ...stores].map((store) => countTo(store, task, 5)));
      expect(await at.read(task)).toMatchObject({ metadata: { count: 20 }, version: 21 });
    },
  },
  {
    id: 'task-sharing.expiry',
    title: 'several that remove what is over at the same moment count each task once',
    needs: ['openSecond', 'deleteExpiredTasks'],
    async run(at) {
      const other = await at.openSecond();
      for (let n = 0; n < 30; n++) {
        await at.put(endedTask(await at.create({ createdAt: 0, ttlMs: 0 }), 5));
      }
      const benches = [at, other, at, other];
      const removed = await Promise.all(benches.map((one) => one.deleteExpired(10_000_000, 20)));
      const rest = await at.deleteExpired(10_000_000);
      expect(removed.reduce((sum, one) => sum + one, rest)).toBe(30);
      expect(await other.ids({ owner: '' })).toEqual([]);
    },
  },
];
