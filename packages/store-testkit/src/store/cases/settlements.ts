import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import {
  failed,
  newFailure,
  released,
  retried,
  snoozed,
  stopped,
  succeeded,
} from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** How attempts end, and what that does to their tasks. */
export const settlementCases: readonly StoreCase[] = [
  {
    id: 'settle.succeeded',
    title: 'a succeeded task keeps its output and ends then',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      at.now += 25;
      await runner.settle(succeeded(ref, { made: 3 }));
      expect(await at.task(flowId, 'a')).toMatchObject({
        state: 'succeeded',
        attempt: 1,
        fence: 1,
        failure: null,
        startedAt: at.now - 25,
        endedAt: at.now,
      });
      expect(await at.store.readOutputs([ref], 1_000)).toEqual([
        { kind: 'output', value: { made: 3 } },
      ]);
    },
  },
  {
    id: 'settle.failed',
    title: 'a failed task keeps its failure and the output that came with it',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b')]);
      const runner = await at.runner();
      const held = await runner.hold();
      at.now += 25;
      await runner.settle(failed(held('a'), { exit_code: 2 }), failed(held('b')));
      expect(await at.task(flowId, 'a')).toMatchObject({
        state: 'failed',
        attempt: 1,
        failure: newFailure(),
        endedAt: at.now,
      });
      expect(await at.store.readOutputs([held('a'), held('b')], 1_000)).toEqual([
        { kind: 'output', value: { exit_code: 2 } },
        { kind: 'output', value: null },
      ]);
    },
  },
  {
    id: 'settle.retry',
    title: 'a retry delays the task, keeps the failure in sight and spends the attempt',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(retried(await runner.claimTask('a'), at.now + 500));
      expect(await at.task(flowId, 'a')).toMatchObject({
        state: 'delayed',
        attempt: 1,
        failure: newFailure(),
        availableAt: at.now + 500,
        endedAt: null,
      });
      at.now += 500;
      const again = await runner.claimOne();
      expect(again).toMatchObject({ attempt: 2, ref: { fence: 2 } });
      const running = await at.task(flowId, 'a');
      expect(running).toMatchObject({
        failure: newFailure(),
        startedAt: at.now,
        availableAt: null,
      });
    },
  },
  {
    id: 'settle.snooze',
    title: 'a snooze delays the task and does not spend the attempt',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      for (let round = 1; round <= 3; round++) {
        const ref = await runner.claimTask('a');
        expect(ref.fence).toBe(round);
        expect((await at.task(flowId, 'a')).attempt).toBe(1);
        await runner.settle(snoozed(ref, at.now + 10));
        expect(await at.task(flowId, 'a')).toMatchObject({
          state: 'delayed',
          attempt: 0,
          failure: null,
          availableAt: at.now + 10,
        });
        at.now += 10;
      }
    },
  },
  {
    id: 'settle.released',
    title: 'a released task is ready at once, and its attempt is spent only if it had started',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(released(await runner.claimTask('a'), false));
      expect(await at.task(flowId, 'a')).toMatchObject({ state: 'ready', attempt: 0, fence: 1 });
      await runner.settle(released(await runner.claimTask('a'), true));
      expect(await at.task(flowId, 'a')).toMatchObject({ state: 'ready', attempt: 1, fence: 2 });
      const third = await runner.claimOne();
      expect(third).toMatchObject({ attempt: 2, ref: { fence: 3 } });
    },
  },
  {
    id: 'settle.released-same-tick',
    title: 'a released task can be claimed in the same tick, under a new fence',
    async run(at) {
      await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      const result = await runner.tick({ settle: [released(ref)], claim: room() });
      expect(result.claimed.map((claimed) => claimed.ref.fence)).toEqual([2]);
    },
  },
  {
    id: 'settle.stopped-but-not-cancelled',
    title: '`stopped` for a task that nobody cancelled is rejected and changes nothing',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      const before = await at.task(flowId, 'a');
      expect((await runner.tick({ settle: [stopped(ref)] })).rejected).toEqual([ref]);
      expect(await at.task(flowId, 'a')).toEqual(before);
      expect(await at.slots()).toBe(1);
      await runner.settle(succeeded(ref));
    },
  },
  {
    id: 'settle.budget',
    title: 'retries count attempts; snoozes, releases before the start and claims alone do not',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const seen: number[] = [];
      const next = async () => {
        const { attempt, ref } = await runner.claimOne();
        seen.push(attempt);
        return ref;
      };
      await runner.settle(retried(await next(), at.now));
      await runner.settle(snoozed(await next(), at.now));
      await runner.settle(released(await next(), false));
      await runner.settle(retried(await next(), at.now));
      await runner.settle(released(await next(), true));
      await runner.settle(failed(await next()));
      expect(seen).toEqual([1, 2, 2, 2, 3, 4]);
      expect(await at.task(flowId, 'a')).toMatchObject({ state: 'failed', attempt: 4, fence: 6 });
    },
  },
  {
    id: 'settle.success-clears-failure',
    title: 'a task that succeeds in the end shows no failure',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(retried(await runner.claimTask('a'), at.now));
      await runner.succeed([await runner.claimTask('a')]);
      expect(await at.task(flowId, 'a')).toMatchObject({ state: 'succeeded', failure: null });
    },
  },
  {
    id: 'settle.hop',
    title: 'a dependent is claimed in the tick that settles what it waited for',
    async run(at) {
      const chain = Array.from({ length: 20 }, (_, index) =>
        newTask(`t${index}`, { dependsOn: index === 0 ? [] : [`t${index - 1}`] }),
      );
      const flowId = await at.submit(chain);
      const runner = await at.runner();
      let held = await runner.claimTask('t0');
      for (let index = 1; index < chain.length; index++) {
        const result = await runner.tick({ settle: [succeeded(held)], claim: room() });
        expect(result.claimed.map(({ ref }) => ref.taskId)).toEqual([`t${index}`]);
        held = { flowId, taskId: `t${index}`, fence: 1 };
      }
      const { changed } = await runner.succeed([held]);
      expect(changed).toMatchObject([{ flowId, ended: true }]);
    },
  },
  {
    id: 'settle.full-tick',
    title: 'one tick settles as much as it may carry, over many flows',
    async run(at) {
      const flows: string[] = [];
      for (let flow = 0; flow < 10; flow++) flows.push(await at.submit(newTasks('t', 100)));
      const runner = await at.runner();
      const held = (await runner.claim(1_000)).map(({ ref }) => ref);
      const { changed } = await runner.succeed(held);
      const ended = changed.filter((flow) => flow.ended).map(({ flowId }) => flowId);
      expect(ended.sort()).toEqual(flows.sort());
    },
  },
  {
    id: 'settle.own-copy',
    title: 'what an executor does to its output afterwards does not reach the store',
    async run(at) {
      await at.submit([newTask('a')]);
      const runner = await at.runner();
      const output = { list: [1, 2, 3] };
      const ref = await runner.claimTask('a');
      await runner.settle(succeeded(ref, output));
      output.list.push(4);
      expect(await at.store.readOutputs([ref], 1_000)).toEqual([
        { kind: 'output', value: { list: [1, 2, 3] } },
      ]);
    },
  },
];
