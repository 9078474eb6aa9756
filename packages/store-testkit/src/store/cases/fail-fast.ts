import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { failed, retried, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** A flow that ends at its first failure. */
export const failFastCases: readonly StoreCase[] = [
  {
    id: 'fail-fast.ends-at-once',
    title: 'the first failure ends the flow as failed and cancels what has not ended',
    async run(at) {
      const flowId = await at.submit(
        [
          newTask('fails'),
          newTask('runs'),
          newTask('put-off'),
          newTask('doomed', { dependsOn: ['fails'] }),
          newTask('alarm', { dependsOn: ['fails'], triggerRule: 'any_failed' }),
          newTask('behind', { dependsOn: ['runs'] }),
          newTask('waits', { executor: 'shell' }),
          newTask('done'),
        ],
        { failFast: true },
      );
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(succeeded(held('done')), retried(held('put-off'), at.now + 9_000));
      at.now += 1_000;
      const result = await runner.tick({
        settle: [failed(held('fails'))],
        claim: room(10, { executors: ['noop', 'shell'] }),
      });
      expect(result.claimed).toEqual([]);
      expect(result.changed).toMatchObject([{ flowId, ended: true }]);
      expect(result.stop).toEqual([held('runs')]);
      expect(result.lookAgainAt).toBeNull();
      expect(await at.flow(flowId)).toMatchObject({
        state: 'failed',
        fatalCount: 1,
        endedAt: at.now,
      });
      expect(await at.states(flowId)).toEqual({
        fails: 'failed',
        runs: 'cancelled',
        'put-off': 'cancelled',
        doomed: 'skipped',
        alarm: 'cancelled',
        behind: 'cancelled',
        waits: 'cancelled',
        done: 'succeeded',
      });
    },
  },
  {
    id: 'fail-fast.after-all-settlements',
    title: 'what settles in the same tick as the failure still counts, whatever its place',
    async run(at) {
      for (const failure of [0, 1, 2]) {
        const flowId = await at.submit(newTasks('t', 4), { failFast: true });
        const runner = await at.runner();
        const held = await runner.hold();
        const settle = [0, 1, 2].map((place) =>
          place === failure ? failed(held(`t${place}`)) : succeeded(held(`t${place}`), place),
        );
        expect((await runner.tick({ settle })).rejected).toEqual([]);
        const { counts, state } = await at.flow(flowId);
        expect(state).toBe('failed');
        expect(counts).toMatchObject({ succeeded: 2, failed: 1, cancelled: 1 });
      }
    },
  },
  {
    id: 'fail-fast.two-failures',
    title: 'two failures in one tick end the flow once, and both are counted',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 3), { failFast: true });
      const runner = await at.runner();
      const held = await runner.hold();
      const result = await runner.settle(failed(held('t0')), failed(held('t1')));
      expect(result.changed).toMatchObject([{ flowId, ended: true }]);
      expect(await at.flow(flowId)).toMatchObject({ state: 'failed', fatalCount: 2 });
    },
  },
  {
    id: 'fail-fast.allowed-failure',
    title: 'a failure that is allowed, or that is tried again, does not end the flow',
    async run(at) {
      const flowId = await at.submit(
        [newTask('allowed', { allowFailure: true }), newTask('again'), newTask('other')],
        { failFast: true },
      );
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(failed(held('allowed')), retried(held('again'), at.now + 1_000));
      expect(await at.flow(flowId)).toMatchObject({ state: 'running', fatalCount: 0 });
      expect((await at.states(flowId)).other).toBe('running');
    },
  },
  {
    id: 'fail-fast.other-flows',
    title: 'other flows go on',
    async run(at) {
      const failing = await at.submit(newTasks('f', 2), { failFast: true });
      const other = await at.submit(newTasks('o', 2), { failFast: true });
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(failed(held('f0')));
      expect((await at.flow(failing)).state).toBe('failed');
      expect((await at.flow(other)).state).toBe('running');
      await runner.succeed([held('o0'), held('o1')]);
      expect((await at.flow(other)).state).toBe('succeeded');
    },
  },
  {
    id: 'fail-fast.last-task',
    title: 'when the failure is also the last end, the flow has failed and nothing is cancelled',
    async run(at) {
      const flowId = await at.submit([newTask('a')], { failFast: true });
      const runner = await at.runner();
      const result = await runner.settle(failed(await runner.claimTask('a')));
      expect(result.stop).toEqual([]);
      const flow = await at.flow(flowId);
      expect(flow).toMatchObject({ state: 'failed', counts: { failed: 1, cancelled: 0 } });
    },
  },
];
