import { expect } from 'vitest';
import { newQueue } from '../../builders/new-queue.ts';
import { newTask, newTasks } from '../../builders/new-task.ts';
import type { StoreCase } from '../store-case.ts';

/** The queues themselves: creating, reading, pausing. */
export const queueCases: readonly StoreCase[] = [
  {
    id: 'queues.ensure',
    title: 'a new queue is created as told, runs nothing and is not paused',
    async run(at) {
      const queue = newQueue({
        name: 'team/builds.nightly:1',
        concurrency: 4,
        defaults: { retries: 3, timeoutMs: 300_000 },
      });
      expect(await at.store.getQueue(queue.name)).toBeNull();
      const expected = { ...queue, running: 0, paused: false };
      expect(await at.store.ensureQueue(queue)).toEqual(expected);
      expect(await at.store.getQueue(queue.name)).toEqual(expected);
    },
  },
  {
    id: 'queues.ensure-again',
    title: 'ensuring a queue that exists changes nothing and returns the one that exists',
    async run(at) {
      const first = newQueue({ concurrency: 4, defaults: { retries: 3, timeoutMs: 1_000 } });
      await at.store.ensureQueue(first);
      await at.store.setQueuePaused('default', true);
      const other = newQueue({ concurrency: null, defaults: { retries: 0, timeoutMs: null } });
      const expected = { ...first, running: 0, paused: true };
      expect(await at.store.ensureQueue(other)).toEqual(expected);
      expect(await at.store.getQueue('default')).toEqual(expected);
    },
  },
  {
    id: 'queues.ensure-race',
    title: 'of many that ensure one queue at once, all get the same',
    async run(at) {
      const made = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          at.store.ensureQueue(newQueue({ concurrency: index + 1 })),
        ),
      );
      expect(new Set(made.map(({ concurrency }) => concurrency)).size).toBe(1);
    },
  },
  {
    id: 'queues.names',
    title: 'names that differ only in case are different queues',
    async run(at) {
      await at.queue('Builds', { concurrency: 1 });
      await at.queue('builds', { concurrency: 2 });
      expect((await at.store.getQueue('Builds'))?.concurrency).toBe(1);
      expect((await at.store.getQueue('builds'))?.concurrency).toBe(2);
      expect(await at.store.getQueue('BUILDS')).toBeNull();
    },
  },
  {
    id: 'queues.pause',
    title: 'a paused queue hands out nothing, what runs goes on, and others are not held up',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 3));
      const runner = await at.runner();
      const ref = await runner.claimTask('t0');
      expect((await at.store.setQueuePaused('default', true))?.paused).toBe(true);
      await at.submit([newTask('other')], { queue: 'other' });
      expect((await runner.claim()).map((claimed) => claimed.ref.taskId)).toEqual(['other']);
      await runner.succeed([ref]);
      expect((await at.flow(flowId)).counts).toMatchObject({ succeeded: 1, ready: 2 });
      expect((await at.store.setQueuePaused('default', false))?.paused).toBe(false);
      expect(await runner.claim()).toHaveLength(2);
    },
  },
  {
    id: 'queues.pause-twice',
    title: 'pausing twice is pausing once',
    async run(at) {
      await at.submit(newTasks('t', 2));
      await at.store.setQueuePaused('default', true);
      const paused = await at.store.setQueuePaused('default', true);
      expect(paused).toEqual(await at.store.getQueue('default'));
      await at.store.setQueuePaused('default', false);
      expect(await (await at.runner()).claim()).toHaveLength(2);
    },
  },
  {
    id: 'queues.pause-unknown',
    title: 'pausing a queue that does not exist is null and creates nothing',
    async run(at) {
      expect(await at.store.setQueuePaused('nowhere', true)).toBeNull();
      expect(await at.store.getQueue('nowhere')).toBeNull();
    },
  },
];
