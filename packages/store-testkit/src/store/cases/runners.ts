import { randomIds } from '@tasked/core';
import { expect } from 'vitest';
import { newRunner } from '../../builders/new-runner.ts';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { succeeded } from '../../builders/settlements.ts';
import { expectRejection } from '../../expect-rejection.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** Who works: registering, being lost, the list. */
export const runnerCases: readonly StoreCase[] = [
  {
    id: 'runners.list',
    title: 'runners are listed as they registered, the first first, with what they hold',
    async run(at) {
      expect(await at.store.listRunners()).toEqual([]);
      const third = newRunner({ name: 'c', host: 'h3', pid: 3, registeredAt: at.now + 20 });
      const first = newRunner({ name: 'a', host: 'h1', pid: 1, registeredAt: at.now });
      for (const runner of [third, first]) await at.store.registerRunner(runner);
      const second = await at.runner({ name: 'b', host: 'h2', pid: 2, registeredAt: at.now + 10 });
      await at.submit(newTasks('t', 3));
      await second.claim(2);
      expect(await at.store.listRunners()).toEqual([
        { ...first, attempts: 0 },
        { id: second.id, name: 'b', host: 'h2', pid: 2, registeredAt: at.now + 10, attempts: 2 },
        { ...third, attempts: 0 },
      ]);
    },
  },
  {
    id: 'runners.attempts',
    title: 'a runner holds an attempt until it is settled, a cancelled one until it has stopped',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      await at.submit([newTask('b')]);
      const runner = await at.runner();
      const held = await runner.hold();
      const attempts = async () => (await at.store.listRunners()).map((known) => known.attempts);
      expect(await attempts()).toEqual([2]);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      expect(await attempts()).toEqual([2]);
      await runner.succeed([held('b')]);
      expect(await attempts()).toEqual([1]);
      await runner.tick({ settle: [succeeded(held('a'))] });
      expect(await attempts()).toEqual([0]);
    },
  },
  {
    id: 'runners.register-twice',
    title: 'an id that is known cannot be registered again',
    async run(at) {
      const runner = newRunner({ name: 'first' });
      await at.store.registerRunner(runner);
      const again = at.store.registerRunner({ ...runner, name: 'second' });
      await expectRejection(again, 'already_exists');
      expect(await at.store.listRunners()).toEqual([{ ...runner, attempts: 0 }]);
    },
  },
  {
    id: 'runners.never-registered',
    title: 'a runner that never registered is lost, and nothing of its tick is done',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b')]);
      const ref = await (await at.runner()).claimTask('a');
      const runnerId = randomIds.runnerId();
      const tick = { runnerId, now: at.now, settle: [succeeded(ref)], claim: room() };
      expect(await at.store.advance(tick)).toEqual({ runner: 'lost' });
      expect(await at.states(flowId)).toEqual({ a: 'running', b: 'ready' });
    },
  },
  {
    id: 'runners.unregistered',
    title: 'a runner that unregistered is lost: its settlements do not count, it gets no work',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      await at.store.unregisterRunner(runner.id);
      const result = await runner.advance({ settle: [succeeded(ref)], claim: room() });
      expect(result).toEqual({ runner: 'lost' });
      expect(await at.states(flowId)).toEqual({ a: 'running', b: 'ready' });
      expect(await at.store.listRunners()).toEqual([]);
    },
  },
  {
    id: 'runners.unregister-unknown',
    title: 'unregistering an unknown runner, or one twice, is ignored',
    async run(at) {
      const runner = await at.runner();
      await at.store.unregisterRunner(randomIds.runnerId());
      expect(await at.store.listRunners()).toHaveLength(1);
      await at.store.unregisterRunner(runner.id);
      await at.store.unregisterRunner(runner.id);
      expect(await at.store.listRunners()).toEqual([]);
    },
  },
  {
    id: 'runners.alive-are-not-lost',
    title: 'runners that live are nobody’s to take over, nor are those that left nothing behind',
    async run(at) {
      await at.submit(newTasks('t', 2));
      const observer = await at.runner();
      await (await at.runner()).claim(1);
      await at.store.unregisterRunner((await at.runner()).id);
      expect(await at.store.lostRunners(observer.id)).toEqual([]);
    },
  },
  {
    id: 'runners.left-attempts',
    title: 'a runner that unregistered with attempts is lost to all others, until they are taken',
    async run(at) {
      await at.submit(newTasks('t', 2));
      const observer = await at.runner();
      const gone = await at.runner();
      await gone.claim(2);
      await at.store.unregisterRunner(gone.id);
      expect(await at.store.lostRunners(observer.id)).toEqual([gone.id]);
      expect(await at.store.lostRunners(gone.id)).toEqual([]);
      await at.store.takeOver({ dead: gone.id, by: observer.id, limit: 10, now: at.now });
      expect(await at.store.lostRunners(observer.id)).toEqual([]);
    },
  },
];
