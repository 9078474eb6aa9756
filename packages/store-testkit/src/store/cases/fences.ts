import { type AttemptRef, randomIds, type Settlement } from '@tasked/core';
import { expect } from 'vitest';
import { newTask } from '../../builders/new-task.ts';
import { failed, released, retried, snoozed, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import type { TestRunner } from '../test-runner.ts';
import type { Workbench } from '../workbench.ts';

/** A late or foreign result is rejected and leaves no trace. */
export const fenceCases: readonly StoreCase[] = [
  {
    id: 'fences.rise',
    title: 'every claim has a higher fence, whatever came between',
    async run(at) {
      await at.submit([newTask('a')]);
      const runner = await at.runner();
      const fences: number[] = [];
      for (const giveBack of GIVE_BACK) {
        const ref = await runner.claimTask('a');
        fences.push(ref.fence);
        await runner.settle(giveBack(ref, at.now));
      }
      expect(fences).toEqual(GIVE_BACK.map((_, index) => index + 1));
    },
  },
  {
    id: 'fences.late-after-give-back',
    title:
      'after a retry, a snooze or a release the old fence is rejected while nobody holds the task',
    async run(at) {
      for (const giveBack of GIVE_BACK) {
        const { flowId, runner, ref } = await claimOne(at);
        await runner.settle(giveBack(ref, at.now + 1_000));
        await expectRejected(at, runner, succeeded(ref, 'late'));
        await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      }
    },
  },
  {
    id: 'fences.late-after-new-claim',
    title: 'after a new claim the old fence is rejected, and the new one still counts',
    async run(at) {
      for (const giveBack of GIVE_BACK) {
        const { runner, ref } = await claimOne(at);
        await runner.settle(giveBack(ref, at.now));
        const again = await runner.claimTask('a');
        for (const late of LATE) await expectRejected(at, runner, late(ref, at.now));
        await runner.settle(succeeded(again, 'in time'));
        expect(await at.store.readOutputs([again], 1_000)).toEqual([
          { kind: 'output', value: 'in time' },
        ]);
      }
    },
  },
  {
    id: 'fences.ended',
    title: 'a task that has ended accepts no further settlement, not even the same again',
    async run(at) {
      for (const end of [succeeded, failed]) {
        const { runner, ref } = await claimOne(at);
        await runner.settle(end(ref, 'first'));
        for (const late of LATE) await expectRejected(at, runner, late(ref, at.now));
        expect(await at.store.readOutputs([ref], 1_000)).toEqual([
          { kind: 'output', value: 'first' },
        ]);
      }
    },
  },
  {
    id: 'fences.other-runner',
    title: 'a settlement by a runner that does not hold the task is rejected',
    async run(at) {
      const { runner, ref } = await claimOne(at);
      const other = await at.runner();
      for (const late of LATE) await expectRejected(at, other, late(ref, at.now));
      await runner.succeed([ref]);
    },
  },
  {
    id: 'fences.never-claimed',
    title: 'a fence that was never given out is rejected',
    async run(at) {
      const { flowId, runner, ref } = await claimOne(at);
      const wrong: readonly AttemptRef[] = [
        { ...ref, fence: ref.fence + 1 },
        { ...ref, fence: 0 },
        { flowId, taskId: 'b', fence: 0 },
        { flowId, taskId: 'b', fence: 1 },
        { flowId, taskId: 'nobody', fence: 1 },
        { flowId: randomIds.flowId(), taskId: 'a', fence: 1 },
      ];
      for (const attempt of wrong) await expectRejected(at, runner, succeeded(attempt));
      await runner.succeed([ref]);
    },
  },
  {
    id: 'fences.twice-in-one-tick',
    title: 'of two settlements of one attempt in one tick the first counts',
    async run(at) {
      const { flowId, runner, ref } = await claimOne(at);
      const settle = [succeeded(ref, 'first'), failed(ref, 'second'), succeeded(ref, 'third')];
      const result = await runner.tick({ settle });
      expect(result.rejected).toEqual([ref, ref]);
      expect((await at.task(flowId, 'a')).state).toBe('succeeded');
      expect((await at.flow(flowId)).counts).toMatchObject({ succeeded: 1, running: 0, ready: 1 });
      expect(await at.slots()).toBe(0);
      expect(await at.store.readOutputs([ref], 1_000)).toEqual([
        { kind: 'output', value: 'first' },
      ]);
    },
  },
];

/** Every way to hold a task no longer without ending it. */
const GIVE_BACK: readonly ((ref: AttemptRef, at: number) => Settlement)[] = [
  retried,
  snoozed,
  (ref) => released(ref, false),
  (ref) => released(ref, true),
];

/** Every kind of result that may come too late. */
const LATE: readonly ((ref: AttemptRef, at: number) => Settlement)[] = [
  (ref) => succeeded(ref, 'late'),
  (ref) => failed(ref, 'late'),
  ...GIVE_BACK,
];

/** A new flow of `a` (claimed) and `b`. */
async function claimOne(at: Workbench) {
  const flowId = await at.submit([newTask('a'), newTask('b', { executor: 'shell' })]);
  const runner = await at.runner();
  return { flowId, runner, ref: await runner.claimTask('a') };
}

async function expectRejected(
  at: Workbench,
  runner: TestRunner,
  settlement: Settlement,
): Promise<void> {
  const { flowId } = settlement.attempt;
  const before = [await at.store.getFlow(flowId, ''), await at.tasks(flowId), await at.slots()];
  const result = await runner.tick({ settle: [settlement] });
  expect(result.rejected).toEqual([settlement.attempt]);
  expect(result.changed).toEqual([]);
  const after = [await at.store.getFlow(flowId, ''), await at.tasks(flowId), await at.slots()];
  expect(after).toEqual(before);
}
