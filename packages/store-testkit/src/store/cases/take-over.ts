import { randomIds, type TakenAttempt } from '@tasked/core';
import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { failed, retried, stopped, succeeded } from '../../builders/settlements.ts';
import { expectRejection } from '../../expect-rejection.ts';
import type { StoreCase } from '../store-case.ts';
import { room, type TestRunner } from '../test-runner.ts';
import type { Workbench } from '../workbench.ts';

/** What a dead runner held moves to a living one. */
export const takeOverCases: readonly StoreCase[] = [
  {
    id: 'take-over.record',
    title: 'a taken attempt carries what it takes to end it, under one more fence',
    async run(at) {
      const retry = { retries: 3, backoffMs: 7, maxBackoffMs: 70 };
      const config = { command: 'make' };
      const flowId = await at.submit([newTask('a', { retry, config })]);
      const dead = await at.runner();
      const by = await at.runner();
      const first = await dead.claimTask('a');
      await dead.settle(retried(first, at.now));
      const second = await dead.claimTask('a');
      const startedAt = at.now;
      at.now += 400;
      const taken = await take(at, dead, by);
      expect(taken).toEqual([
        {
          ref: { ...second, fence: 3 },
          lostFence: 2,
          attempt: 2,
          executor: 'noop',
          config,
          retry,
          cancelled: false,
        },
      ]);
      expect(await at.task(flowId, 'a')).toMatchObject({
        state: 'running',
        fence: 3,
        attempt: 2,
        startedAt,
      });
    },
  },
  {
    id: 'take-over.settles',
    title: 'the new fence settles like any other: retried, failed or succeeded',
    async run(at) {
      const flowId = await at.submit([...newTasks('t', 3), newTask('next', { dependsOn: ['t2'] })]);
      const { by, taken } = await takeFromDead(at);
      const ref = (id: string) => refOf(taken, id);
      await by.settle(
        retried(ref('t0'), at.now + 50),
        failed(ref('t1')),
        succeeded(ref('t2'), 'ok'),
      );
      expect(await at.states(flowId)).toEqual({
        t0: 'delayed',
        t1: 'failed',
        t2: 'succeeded',
        next: 'ready',
      });
      at.now += 50;
      const again = await by.hold();
      expect(again('t0').fence).toBe(3);
      expect((await at.task(flowId, 't0')).attempt).toBe(2);
    },
  },
  {
    id: 'take-over.old-fence',
    title: 'the old fence is rejected, whoever brings it',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const { dead, by, taken } = await takeFromDead(at);
      const ref = refOf(taken, 'a');
      const old = { ...ref, fence: 1 };
      expect(await dead.advance({ settle: [succeeded(old)] })).toEqual({ runner: 'lost' });
      expect((await by.tick({ settle: [succeeded(old, 'late')] })).rejected).toEqual([old]);
      expect((await at.task(flowId, 'a')).state).toBe('running');
      await by.succeed([ref]);
    },
  },
  {
    id: 'take-over.dead-is-lost',
    title: 'a runner that was taken over is lost from then on, also while it still has attempts',
    async run(at) {
      await at.submit(newTasks('t', 3));
      const dead = await at.runner();
      const by = await at.runner();
      await dead.claim();
      await at.store.takeOver({ dead: dead.id, by: by.id, limit: 1, now: at.now });
      expect(await dead.advance({ claim: room() })).toEqual({ runner: 'lost' });
      expect(await take(at, dead, by)).toHaveLength(2);
      expect(await dead.advance({ claim: room() })).toEqual({ runner: 'lost' });
    },
  },
  {
    id: 'take-over.forgotten',
    title: 'a dead runner is forgotten with its last attempt, and there is nothing more to take',
    async run(at) {
      await at.submit(newTasks('t', 2));
      const { dead, by } = await takeFromDead(at);
      expect((await at.store.listRunners()).map(({ id }) => id)).toEqual([by.id]);
      expect((await at.store.listRunners()).map(({ attempts }) => attempts)).toEqual([2]);
      expect(await at.store.lostRunners(by.id)).toEqual([]);
      expect(await take(at, dead, by)).toEqual([]);
      const nobody = { dead: randomIds.runnerId(), by: by.id, limit: 5, now: at.now };
      expect(await at.store.takeOver(nobody)).toEqual([]);
    },
  },
  {
    id: 'take-over.nothing-held',
    title: 'a dead runner that held nothing is forgotten by the first take-over',
    async run(at) {
      const dead = await at.runner();
      const by = await at.runner();
      expect(await take(at, dead, by)).toEqual([]);
      expect((await at.store.listRunners()).map(({ id }) => id)).toEqual([by.id]);
      expect(await dead.advance()).toEqual({ runner: 'lost' });
    },
  },
  {
    id: 'take-over.limit',
    title: 'no call takes more than its limit, and the rest stays to be taken',
    async run(at) {
      await at.submit(newTasks('t', 5));
      const dead = await at.runner();
      const by = await at.runner();
      await dead.claim();
      await at.store.unregisterRunner(dead.id);
      const sizes: number[] = [];
      const names = new Set<string>();
      for (let call = 0; call < 4; call++) {
        const lost = await at.store.lostRunners(by.id);
        expect(lost).toEqual(names.size < 5 ? [dead.id] : []);
        const limit = { dead: dead.id, by: by.id, limit: 2, now: at.now };
        const taken = await at.store.takeOver(limit);
        sizes.push(taken.length);
        for (const { ref } of taken) names.add(ref.taskId);
      }
      expect(sizes).toEqual([2, 2, 1, 0]);
      expect(names.size).toBe(5);
    },
  },
  {
    id: 'take-over.racers',
    title: 'of many that take over one dead runner, each attempt goes to one',
    async run(at) {
      await at.submit(newTasks('t', 40));
      const dead = await at.runner();
      const takers = await at.runners(10);
      await dead.claim();
      await at.store.unregisterRunner(dead.id);
      const hauls = await Promise.all(
        takers.flatMap((by) =>
          [7, 7].map(async (limit) => ({
            by,
            taken: await at.store.takeOver({ dead: dead.id, by: by.id, limit, now: at.now }),
          })),
        ),
      );
      const names = hauls.flatMap(({ taken }) => taken.map(({ ref }) => ref.taskId));
      expect(names).toHaveLength(40);
      expect(new Set(names).size).toBe(40);
      for (const { by, taken } of hauls) await by.succeed(taken.map(({ ref }) => ref));
    },
  },
  {
    id: 'take-over.cancelled',
    title: 'a cancelled attempt is taken as such, and settles as `stopped`',
    async run(at) {
      await at.queue('default', { concurrency: 1 });
      const flowId = await at.submit([newTask('a')]);
      const dead = await at.runner();
      const by = await at.runner();
      await dead.claim();
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const before = await at.flow(flowId);
      const taken = await take(at, dead, by);
      expect(taken.map((got) => got.cancelled)).toEqual([true]);
      const ref = refOf(taken, 'a');
      expect((await by.tick()).stop).toEqual([ref]);
      await by.settle(stopped(ref));
      expect(await at.flow(flowId)).toEqual(before);
      expect((await at.task(flowId, 'a')).state).toBe('cancelled');
      expect(await at.slots()).toBe(0);
    },
  },
  {
    id: 'take-over.cancelled-afterwards',
    title: 'an attempt that is cancelled after it was taken is told to its new runner',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const { by, taken } = await takeFromDead(at);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const ref = refOf(taken, 'a');
      expect((await by.tick()).stop).toEqual([ref]);
      await by.settle(stopped(ref));
      expect((await by.tick()).stop).toEqual([]);
    },
  },
  {
    id: 'take-over.unknown-taker',
    title: 'a runner that is not registered takes nothing',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const dead = await at.runner();
      await dead.claim();
      await at.store.unregisterRunner(dead.id);
      const by = randomIds.runnerId();
      const call = at.store.takeOver({ dead: dead.id, by, limit: 5, now: at.now });
      await expectRejection(call, 'not_found');
      expect((await at.task(flowId, 'a')).fence).toBe(1);
      expect(await take(at, dead, await at.runner())).toHaveLength(1);
    },
  },
  {
    id: 'take-over.again',
    title: 'who took over may die too, and its attempts are taken again',
    async run(at) {
      await at.submit([newTask('a')]);
      const { by: second } = await takeFromDead(at);
      const third = await at.runner();
      const taken = await take(at, second, third);
      expect(taken).toMatchObject([{ lostFence: 2, attempt: 1, ref: { fence: 3 } }]);
      expect(await second.advance()).toEqual({ runner: 'lost' });
      await third.succeed([refOf(taken, 'a')]);
    },
  },
];

async function take(
  at: Workbench,
  dead: TestRunner,
  by: TestRunner,
): Promise<readonly TakenAttempt[]> {
  return at.store.takeOver({ dead: dead.id, by: by.id, limit: 1_000, now: at.now });
}

/** A runner claims all there is and dies; another takes it over. */
async function takeFromDead(at: Workbench) {
  const dead = await at.runner();
  const by = await at.runner();
  await dead.claim();
  await at.store.unregisterRunner(dead.id);
  return { dead, by, taken: await take(at, dead, by) };
}

function refOf(taken: readonly TakenAttempt[], taskId: string) {
  const found = taken.find(({ ref }) => ref.taskId === taskId);
  if (found === undefined) expect.fail(`task ${taskId} was not taken over`);
  return found.ref;
}
