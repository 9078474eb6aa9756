import { expiresAt, TASK_RETENTION_MS, type Task } from '@tasked/core';
import { expect } from 'vitest';
import { endedTask } from '../../builders/task-record.ts';
import type { TaskBench } from '../task-bench.ts';
import type { TaskStoreCase } from '../task-store-case.ts';

const HOUR = TASK_RETENTION_MS;

/** What `deleteExpiredTasks` promises. */
export const taskExpiringCases: readonly TaskStoreCase[] = [
  {
    id: 'task-expiry.exact',
    title: 'a task is removed at the millisecond when it is over, and not before',
    needs: ['deleteExpiredTasks'],
    async run(at) {
      const long = await ended(at, { id: 'long', createdAt: 0, ttlMs: 10 * HOUR }, 5);
      const short = await ended(at, { id: 'short', createdAt: 0, ttlMs: 0 }, 5);
      expect([expiresAt(short), expiresAt(long)]).toEqual([5 + HOUR, 10 * HOUR]);
      expect(await at.deleteExpired(5 + HOUR - 1)).toBe(0);
      expect(await at.deleteExpired(5 + HOUR)).toBe(1);
      expect(await at.read(short)).toBeNull();
      expect(await at.deleteExpired(10 * HOUR - 1)).toBe(0);
      expect(await at.read(long)).toEqual(long);
      expect(await at.deleteExpired(10 * HOUR)).toBe(1);
      expect(await at.ids({ owner: '' })).toEqual([]);
    },
  },
  {
    id: 'task-expiry.spares',
    title: 'what lives, and what is kept for ever, is never removed',
    needs: ['deleteExpiredTasks'],
    async run(at) {
      const kept = [
        await at.create({ id: 'working', createdAt: 0, ttlMs: 0 }),
        await at.create({ id: 'waiting', createdAt: 0, ttlMs: 0, status: 'input_required' }),
        await ended(at, { id: 'for-ever', createdAt: 0, ttlMs: null }, 5),
      ];
      expect(await at.deleteExpired(Number.MAX_SAFE_INTEGER)).toBe(0);
      for (const task of kept) expect(await at.read(task)).toEqual(task);
    },
  },
  {
    id: 'task-expiry.follows',
    title: 'it is the last record that counts: a task that ended later is kept longer',
    needs: ['deleteExpiredTasks'],
    async run(at) {
      const task = await at.create({ createdAt: 0, ttlMs: 0 });
      await at.put({ ...task, lastUpdatedAt: 1, version: 2 });
      const over = await at.put({ ...endedTask(task, HOUR), version: 3 });
      expect(await at.deleteExpired(2 * HOUR - 1)).toBe(0);
      expect(await at.read(task)).toEqual(over);
      expect(await at.deleteExpired(2 * HOUR)).toBe(1);
    },
  },
  {
    id: 'task-expiry.limit',
    title: 'at most `limit` are removed at once, of all owners, until none is left',
    needs: ['deleteExpiredTasks'],
    async run(at) {
      for (let n = 0; n < 7; n++)
        await ended(at, { owner: `o${n % 3}`, createdAt: 0, ttlMs: 0 }, n);
      const live = await at.create({ owner: 'o0', createdAt: 0, ttlMs: 0 });
      const removed: number[] = [];
      for (let round = 0; round < 4; round++) removed.push(await at.deleteExpired(2 * HOUR, 3));
      expect(removed).toEqual([3, 3, 1, 0]);
      expect(await at.ids({ owner: 'o0' })).toEqual([live.id]);
      expect(await at.ids({ owner: 'o1' })).toEqual([]);
    },
  },
  {
    id: 'task-expiry.frees',
    title: 'what was removed leaves room, and its id is free',
    needs: ['deleteExpiredTasks'],
    async run(at) {
      const task = await ended(at, { owner: 'me', createdAt: 0, ttlMs: 0 }, 5);
      const again = { ...task, version: 1, toolName: 'again' };
      expect(await at.store.createTask({ ...again, id: 'other' }, 1)).toBe('full');
      await at.deleteExpired(2 * HOUR);
      expect(await at.store.createTask(again, 1)).toBe('created');
    },
  },
];

async function ended(at: TaskBench, fields: Partial<Task>, now: number): Promise<Task> {
  return at.put(endedTask(await at.create(fields), now));
}
