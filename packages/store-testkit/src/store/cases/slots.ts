import type { AttemptRef, Settlement } from '@tasked/core';
import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import {
  failed,
  released,
  retried,
  snoozed,
  stopped,
  succeeded,
} from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** A queue's concurrency: never more slots taken than it has, and none lost. */
export const slotCases: readonly StoreCase[] = [
  {
    id: 'slots.limit',
    title: 'a queue of three slots hands out three tasks, however much room a runner has',
    async run(at) {
      await at.queue('default', { concurrency: 3 });
      await at.submit(newTasks('a', 5));
      await at.submit(newTasks('b', 5));
      const one = await at.runner();
      const two = await at.runner();
      expect(await one.claim(2)).toHaveLength(2);
      expect(await two.claim(10)).toHaveLength(1);
      expect(await one.claim(10)).toEqual([]);
      expect(await at.slots()).toBe(3);
    },
  },
  {
    id: 'slots.racers',
    title: 'many racers never take more slots than the queue has, and all its tasks get done',
    async run(at) {
      await at.queue('default', { concurrency: 3 });
      const flowId = await at.submit(newTasks('t', 60));
      const runners = await at.runners(12);
      const held = new Map(runners.map((runner) => [runner, [] as AttemptRef[]]));
      for (let round = 0; round < 60; round++) {
        const hands = await Promise.all(
          runners.map(async (runner) => {
            const settle = (held.get(runner) ?? []).map((ref) => succeeded(ref));
            return [runner, await runner.tick({ settle, claim: room(5) })] as const;
          }),
        );
        for (const [runner, { claimed }] of hands)
          held.set(
            runner,
            claimed.map(({ ref }) => ref),
          );
        expect([...held.values()].flat().length).toBeLessThanOrEqual(3);
        expect(await at.slots()).toBe([...held.values()].flat().length);
      }
      expect((await at.flow(flowId)).state).toBe('succeeded');
      expect(await at.slots()).toBe(0);
    },
  },
  {
    id: 'slots.freed-in-same-tick',
    title: 'a slot is taken again in the tick that frees it, however the attempt ended',
    async run(at) {
      await at.queue('default', { concurrency: 1 });
      for (const end of ENDS) {
        await at.submit([newTask('a', { priority: 0 }), newTask('b', { priority: 1 })]);
        const runner = await at.runner();
        const ref = await runner.claimTask('a');
        const settle = [end(ref, at.now + 1_000_000)];
        const { claimed, rejected } = await runner.tick({ settle, claim: room() });
        expect(rejected).toEqual([]);
        expect(claimed).toHaveLength(1);
        expect(await at.slots()).toBe(1);
        const { flowId } = ref;
        await at.store.cancelFlow({ flowId, owner: '', now: at.now });
        await runner.settle(...claimed.map((held) => stopped(held.ref)));
        expect(await at.slots()).toBe(0);
      }
    },
  },
  {
    id: 'slots.unlimited',
    title: 'a queue without a limit hands out all there is',
    async run(at) {
      await at.queue('default', { concurrency: null });
      await at.submit(newTasks('t', 700));
      expect(await (await at.runner()).claim()).toHaveLength(700);
      expect(await at.slots()).toBe(700);
    },
  },
  {
    id: 'slots.each-queue-its-own',
    title: 'every queue has its own slots',
    async run(at) {
      for (const [name, concurrency] of [
        ['one', 1],
        ['two', 2],
        ['many', null],
      ] as const) {
        await at.queue(name, { concurrency });
        await at.submit(newTasks('t', 5), { queue: name });
      }
      const claimed = await (await at.runner()).claim(100);
      const taken = (queue: string) => claimed.filter((got) => got.queue === queue).length;
      expect([taken('one'), taken('two'), taken('many')]).toEqual([1, 2, 5]);
    },
  },
  {
    id: 'slots.over-executors',
    title: 'the slots of a queue are shared by all its executors',
    async run(at) {
      await at.queue('default', { concurrency: 3 });
      await at.submit([...newTasks('n', 3), ...newTasks('s', 3, { executor: 'shell' })]);
      const runner = await at.runner();
      expect(await runner.claim(10, { executors: ['noop', 'shell'] })).toHaveLength(3);
      expect(await runner.claim(10, { executors: ['shell'] })).toEqual([]);
    },
  },
  {
    id: 'slots.cancelled-counts-until-stopped',
    title: 'the slot of a cancelled running task is taken until its runner settles `stopped`',
    async run(at) {
      await at.queue('default', { concurrency: 1 });
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      await at.submit([newTask('next')]);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      expect((await at.task(flowId, 'a')).state).toBe('cancelled');
      expect(await at.slots()).toBe(1);
      expect(await runner.claim()).toEqual([]);
      const { claimed } = await runner.tick({ settle: [stopped(ref)], claim: room() });
      expect(claimed.map((got) => got.ref.taskId)).toEqual(['next']);
      expect(await at.slots()).toBe(1);
    },
  },
  {
    id: 'slots.cancelled-freed-by-any-settlement',
    title: 'a result that comes after a cancel is rejected, and frees the slot once',
    async run(at) {
      await at.queue('default', { concurrency: 2 });
      for (const late of ENDS) {
        const flowId = await at.submit([newTask('a')]);
        const runner = await at.runner();
        const ref = await runner.claimTask('a');
        await at.store.cancelFlow({ flowId, owner: '', now: at.now });
        const settlement = late(ref, at.now + 1_000);
        expect((await runner.tick({ settle: [settlement] })).rejected).toEqual([ref]);
        expect(await at.slots()).toBe(0);
        const again = [settlement, stopped(ref)];
        expect((await runner.tick({ settle: again })).rejected).toEqual([ref, ref]);
        expect(await at.slots()).toBe(0);
      }
    },
  },
  {
    id: 'slots.fail-fast',
    title: 'fail-fast leaves the slots of what it cancels taken until they are stopped',
    async run(at) {
      await at.queue('default', { concurrency: 3 });
      await at.submit(newTasks('t', 3), { failFast: true });
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(failed(held('t0')));
      expect(await at.slots()).toBe(2);
      await runner.settle(stopped(held('t1')));
      expect(await at.slots()).toBe(1);
      await runner.settle(stopped(held('t2')));
      expect(await at.slots()).toBe(0);
    },
  },
  {
    id: 'slots.take-over',
    title: 'a slot moves with its attempt to another runner, and is freed when that settles',
    async run(at) {
      await at.queue('default', { concurrency: 2 });
      const cancelled = await at.submit([newTask('a')]);
      await at.submit([newTask('b')]);
      await at.submit([newTask('next')]);
      const dead = await at.runner();
      const by = await at.runner();
      await dead.claim();
      await at.store.cancelFlow({ flowId: cancelled, owner: '', now: at.now });
      const take = { dead: dead.id, by: by.id, limit: 10, now: at.now };
      const taken = await at.store.takeOver(take);
      expect(await by.claim()).toEqual([]);
      const settle = taken.map((got) => (got.cancelled ? stopped(got.ref) : succeeded(got.ref)));
      const { claimed, rejected } = await by.tick({ settle, claim: room() });
      expect(rejected).toEqual([]);
      expect(claimed.map(({ ref }) => ref.taskId)).toEqual(['next']);
      expect(await at.slots()).toBe(1);
    },
  },
];

/** Every kind of settlement that an attempt which was not cancelled can end with. */
const ENDS: readonly ((ref: AttemptRef, at: number) => Settlement)[] = [
  (ref) => succeeded(ref),
  (ref) => failed(ref),
  (ref, at) => retried(ref, at),
  (ref, at) => snoozed(ref, at),
  (ref) => released(ref, false),
  (ref) => released(ref, true),
];
