import { expect } from 'vitest';
import { newTask } from '../../builders/new-task.ts';
import { failed, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

const DEPTH = 5_000;

/** Skips spread as far as they reach, in the tick that causes them. */
export const skipCases: readonly StoreCase[] = [
  {
    id: 'skips.deep-chain',
    title: 'a failure skips a chain of 5,000 tasks and ends the flow in one tick',
    async run(at) {
      const flowId = await at.submit(chain(DEPTH));
      const runner = await at.runner();
      const result = await runner.settle(failed(await runner.claimTask('t0')));
      expect(result.changed).toMatchObject([{ flowId, ended: true }]);
      const flow = await at.flow(flowId);
      expect(flow).toMatchObject({ state: 'failed', fatalCount: 1, endedAt: at.now });
      expect(flow.counts).toMatchObject({ failed: 1, skipped: DEPTH - 1, blocked: 0 });
      expect(await at.task(flowId, `t${DEPTH - 1}`)).toMatchObject({
        state: 'skipped',
        cause: 'upstream_failed',
        attempt: 0,
        fence: 0,
        startedAt: null,
        endedAt: at.now,
      });
    },
  },
  {
    id: 'skips.deep-chain-without-failure',
    title: 'a skip without a failure runs down the same chain, and the flow has succeeded',
    async run(at) {
      const links = chain(1_000);
      const flowId = await at.submit([
        newTask('first'),
        newTask('t0', { dependsOn: ['first'], triggerRule: 'any_failed' }),
        ...links.slice(1),
      ]);
      const runner = await at.runner();
      await runner.settle(succeeded(await runner.claimTask('first')));
      expect((await at.task(flowId, 't0')).cause).toBe('nothing_failed');
      expect((await at.task(flowId, 't999')).cause).toBe('upstream_skipped');
      expect(await at.flow(flowId)).toMatchObject({ state: 'succeeded', fatalCount: 0 });
    },
  },
  {
    id: 'skips.rescue-in-same-tick',
    title: 'a task that reacts to a failure far above is claimed in the tick of that failure',
    async run(at) {
      const flowId = await at.submit([
        ...chain(50),
        newTask('clean-up', { dependsOn: ['t49'], triggerRule: 'any_failed' }),
        newTask('report', { dependsOn: ['clean-up', 't49'], triggerRule: 'all_done' }),
      ]);
      const runner = await at.runner();
      const first = await runner.claimTask('t0');
      const result = await runner.tick({ settle: [failed(first)], claim: room() });
      expect(result.claimed.map(({ ref }) => ref.taskId)).toEqual(['clean-up']);
      expect((await at.task(flowId, 'report')).state).toBe('blocked');
      expect(await runner.succeed([{ flowId, taskId: 'clean-up', fence: 1 }])).toBeDefined();
      expect((await at.task(flowId, 'report')).state).toBe('ready');
    },
  },
  {
    id: 'skips.diamonds',
    title: 'a task that skips reach over several ways is skipped once and counted once',
    async run(at) {
      const tasks = [newTask('top')];
      let above = 'top';
      for (let level = 0; level < 20; level++) {
        const sides = ['left', 'middle', 'right'].map((side) => `${side}${level}`);
        tasks.push(...sides.map((side) => newTask(side, { dependsOn: [above] })));
        above = `bottom${level}`;
        tasks.push(newTask(above, { dependsOn: sides }));
      }
      const flowId = await at.submit(tasks);
      const runner = await at.runner();
      await runner.settle(failed(await runner.claimTask('top')));
      const flow = await at.flow(flowId);
      expect(flow.counts).toMatchObject({ failed: 1, skipped: tasks.length - 1, blocked: 0 });
      expect(flow.state).toBe('failed');
    },
  },
  {
    id: 'skips.wait-for-the-rest',
    title: 'a doomed task is skipped only when its last dependency has ended',
    async run(at) {
      const flowId = await at.submit([
        newTask('fails'),
        newTask('slow'),
        newTask('join', { dependsOn: ['fails', 'slow'] }),
      ]);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(failed(held('fails')));
      expect((await at.task(flowId, 'join')).state).toBe('blocked');
      expect((await at.flow(flowId)).state).toBe('running');
      await runner.succeed([held('slow')]);
      expect((await at.task(flowId, 'join')).state).toBe('skipped');
      expect((await at.flow(flowId)).state).toBe('failed');
    },
  },
];

/** `t0` ← `t1` ← … */
function chain(length: number) {
  return Array.from({ length }, (_, index) =>
    newTask(`t${index}`, { dependsOn: index === 0 ? [] : [`t${index - 1}`] }),
  );
}
