import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { retried, snoozed } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** Delayed tasks: ready when they are due, and `advance` says when to look again. */
export const delayCases: readonly StoreCase[] = [
  {
    id: 'delays.not-before',
    title: 'a delayed task is not ready a millisecond before it is due',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(snoozed(await runner.claimTask('a'), at.now + 1_000));
      at.now += 999;
      expect(await runner.claim()).toEqual([]);
      expect((await at.task(flowId, 'a')).state).toBe('delayed');
    },
  },
  {
    id: 'delays.when-due',
    title: 'a delayed task is claimed at the moment it is due, and long after it',
    async run(at) {
      await at.submit([newTask('a'), newTask('b')]);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(snoozed(held('a'), at.now + 1_000), retried(held('b'), at.now + 5_000));
      at.now += 1_000;
      expect((await runner.claim()).map(({ ref }) => ref.taskId)).toEqual(['a']);
      at.now += 86_400_000;
      expect((await runner.claim()).map(({ ref }) => ref.taskId)).toEqual(['b']);
    },
  },
  {
    id: 'delays.promoted-without-claim',
    title: 'a task that is due becomes ready in a tick that claims nothing',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(snoozed(await runner.claimTask('a'), at.now + 1_000));
      at.now += 1_000;
      const { rev } = await at.flow(flowId);
      const result = await runner.tick();
      expect(result.changed).toEqual([{ flowId, rev: rev + 1, ended: false }]);
      expect(await at.task(flowId, 'a')).toMatchObject({ state: 'ready', availableAt: null });
      expect((await at.flow(flowId)).counts).toMatchObject({ ready: 1, delayed: 0 });
    },
  },
  {
    id: 'delays.due-in-its-own-tick',
    title: 'a task that is put off to now is claimed in the same tick',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      const result = await runner.tick({ settle: [retried(ref, at.now)], claim: room() });
      expect(result.claimed.map((claimed) => [claimed.ref.fence, claimed.attempt])).toEqual([
        [2, 2],
      ]);
      expect((await at.task(flowId, 'a')).state).toBe('running');
    },
  },
  {
    id: 'delays.look-again',
    title:
      '`lookAgainAt` is when the next delayed task of any flow is due, null when none is delayed',
    async run(at) {
      await at.submit([newTask('a')]);
      await at.submit([newTask('b', { executor: 'shell' })], { queue: 'other' });
      const runner = await at.runner();
      const start = at.now;
      expect((await runner.tick()).lookAgainAt).toBeNull();
      const held = await runner.hold({ executors: ['noop', 'shell'] });
      const a = snoozed(held('a'), start + 700);
      const b = snoozed(held('b'), start + 300);
      expect((await runner.tick({ settle: [a, b] })).lookAgainAt).toBe(start + 300);
      at.now = start + 300;
      expect((await runner.tick()).lookAgainAt).toBe(start + 700);
      at.now = start + 700;
      expect((await runner.tick()).lookAgainAt).toBeNull();
    },
  },
  {
    id: 'delays.look-again-cancelled',
    title: 'a cancelled task is no reason to look again',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(snoozed(await runner.claimTask('a'), at.now + 1_000));
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      expect((await runner.tick()).lookAgainAt).toBeNull();
      at.now += 1_000;
      expect(await runner.claim()).toEqual([]);
      expect(await at.task(flowId, 'a')).toMatchObject({ state: 'cancelled', availableAt: null });
    },
  },
  {
    id: 'delays.many-due-at-once',
    title: 'all tasks that are due become ready in one tick',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 500));
      const runner = await at.runner();
      const held = await runner.claim();
      await runner.settle(...held.map(({ ref }) => snoozed(ref, at.now + 1_000)));
      at.now += 2_000;
      expect(await runner.claim()).toHaveLength(500);
      expect((await at.flow(flowId)).counts).toMatchObject({ running: 500, delayed: 0 });
    },
  },
];
