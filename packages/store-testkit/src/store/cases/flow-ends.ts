import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { failed, retried, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';

/** When a flow ends, and as what. */
export const flowEndCases: readonly StoreCase[] = [
  {
    id: 'flow-ends.succeeded',
    title: 'a flow succeeds in the tick in which its last task ends, and not before',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 3));
      const runner = await at.runner();
      const held = await runner.hold();
      const first = await runner.succeed([held('t0'), held('t2')]);
      expect(first.changed).toMatchObject([{ flowId, ended: false }]);
      expect(await at.flow(flowId)).toMatchObject({ state: 'running', endedAt: null });
      at.now += 5;
      const last = await runner.succeed([held('t1')]);
      expect(last.changed).toMatchObject([{ flowId, ended: true }]);
      const flow = await at.flow(flowId);
      expect(flow).toMatchObject({ state: 'succeeded', fatalCount: 0, endedAt: at.now });
      expect(flow.counts).toMatchObject({ succeeded: 3, running: 0, ready: 0 });
    },
  },
  {
    id: 'flow-ends.failed',
    title: 'a flow with a failed task runs what it can, and fails when all has ended',
    async run(at) {
      const flowId = await at.submit([
        newTask('fails'),
        newTask('doomed', { dependsOn: ['fails'] }),
        newTask('apart'),
        newTask('beyond', { dependsOn: ['apart'] }),
      ]);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(failed(held('fails')));
      expect(await at.flow(flowId)).toMatchObject({ state: 'running', fatalCount: 1 });
      await runner.succeed([held('apart')]);
      expect((await at.flow(flowId)).state).toBe('running');
      const last = await runner.succeed([await runner.claimTask('beyond')]);
      expect(last.changed).toMatchObject([{ flowId, ended: true }]);
      expect((await at.flow(flowId)).state).toBe('failed');
      expect((await at.states(flowId)).doomed).toBe('skipped');
    },
  },
  {
    id: 'flow-ends.handled-failure-still-fails',
    title: 'a failure that another task reacted to still fails the flow',
    async run(at) {
      const flowId = await at.submit([
        newTask('fails'),
        newTask('mends', { dependsOn: ['fails'], triggerRule: 'any_failed' }),
      ]);
      const runner = await at.runner();
      await runner.settle(failed(await runner.claimTask('fails')));
      await runner.succeed([await runner.claimTask('mends')]);
      expect(await at.flow(flowId)).toMatchObject({ state: 'failed', fatalCount: 1 });
    },
  },
  {
    id: 'flow-ends.not-while-delayed',
    title: 'a flow does not end while a task waits to be tried again',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 2));
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(succeeded(held('t0')), retried(held('t1'), at.now + 60_000));
      expect(await at.flow(flowId)).toMatchObject({ state: 'running', endedAt: null });
    },
  },
  {
    id: 'flow-ends.ended-is-final',
    title: 'an ended flow never changes again, whatever is sent to it',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      await runner.succeed([ref]);
      const before = [await at.flow(flowId), await at.tasks(flowId)];
      at.now += 1_000;
      await runner.tick({ settle: [failed(ref), retried(ref, at.now)] });
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const holds = { flowId, taskIds: ['a'], now: at.now };
      expect(await at.store.addHold(holds)).toEqual([]);
      expect(await at.store.removeHold(holds)).toEqual([]);
      expect(await runner.claim()).toEqual([]);
      expect([await at.flow(flowId), await at.tasks(flowId)]).toEqual(before);
    },
  },
  {
    id: 'flow-ends.counts-always-add-up',
    title: 'the counts by state are those of the tasks, and add up, after every tick',
    async run(at) {
      const flowId = await at.submit([
        ...newTasks('t', 4),
        newTask('after', { dependsOn: ['t0', 't1'] }),
        newTask('alarm', { dependsOn: ['t1'], triggerRule: 'any_failed' }),
        newTask('held', { holds: 1 }),
      ]);
      const check = async () => {
        const { counts, taskCount } = await at.flow(flowId);
        const counted: Record<string, number> = {};
        for (const { state } of await at.tasks(flowId)) counted[state] = (counted[state] ?? 0) + 1;
        expect(counts).toMatchObject(counted);
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(taskCount);
      };
      const runner = await at.runner();
      await check();
      const held = await runner.hold();
      await check();
      await runner.settle(failed(held('t1')), retried(held('t2'), at.now + 5));
      await check();
      await runner.settle(succeeded(held('t0')));
      await check();
      at.now += 5;
      await runner.claim(1);
      await check();
      await at.store.removeHold({ flowId, taskIds: ['held'], now: at.now });
      await check();
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      await check();
    },
  },
];
