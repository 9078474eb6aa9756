import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { failed, retried, stopped, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';

/** Cancelling a flow, and what it meets on the way. */
export const cancelCases: readonly StoreCase[] = [
  {
    id: 'cancel.at-once',
    title: 'a cancel ends the flow and every task that has not ended, at once',
    async run(at) {
      const flowId = await at.submit([
        newTask('done'),
        newTask('broken', { allowFailure: true }),
        newTask('runs'),
        newTask('put-off'),
        newTask('blocked', { dependsOn: ['runs'] }),
        newTask('held', { holds: 1 }),
        newTask('ready', { executor: 'shell' }),
        newTask('skipped', { dependsOn: ['done'], triggerRule: 'any_failed' }),
      ]);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(
        succeeded(held('done')),
        failed(held('broken')),
        retried(held('put-off'), at.now + 5_000),
      );
      const before = await at.flow(flowId);
      at.now += 100;
      const result = await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const after = await at.flow(flowId);
      expect(result).toEqual({ cancelled: true, flow: after });
      expect(after).toMatchObject({ state: 'cancelled', endedAt: at.now, rev: before.rev + 1 });
      expect(after.counts).toMatchObject({ succeeded: 1, failed: 1, skipped: 1, cancelled: 5 });
      expect(await at.states(flowId)).toEqual({
        done: 'succeeded',
        broken: 'failed',
        runs: 'cancelled',
        'put-off': 'cancelled',
        blocked: 'cancelled',
        held: 'cancelled',
        ready: 'cancelled',
        skipped: 'skipped',
      });
      expect((await at.task(flowId, 'blocked')).endedAt).toBe(at.now);
      expect((await at.task(flowId, 'done')).endedAt).toBe(at.now - 100);
      expect(await runner.claim(10, { executors: ['noop', 'shell'] })).toEqual([]);
    },
  },
  {
    id: 'cancel.twice',
    title: 'cancelling twice changes nothing, and says so',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 3));
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const before = [await at.flow(flowId), await at.tasks(flowId)];
      at.now += 1_000;
      const again = await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      expect(again).toEqual({ cancelled: false, flow: before[0] });
      expect([await at.flow(flowId), await at.tasks(flowId)]).toEqual(before);
    },
  },
  {
    id: 'cancel.ended',
    title: 'cancelling a flow that has ended changes nothing, and says so',
    async run(at) {
      const runner = await at.runner();
      for (const end of [succeeded, failed]) {
        const flowId = await at.submit([newTask('a')]);
        await runner.settle(end(await runner.claimTask('a')));
        const before = await at.flow(flowId);
        const result = await at.store.cancelFlow({ flowId, owner: '', now: at.now + 1 });
        expect(result).toEqual({ cancelled: false, flow: before });
      }
      const empty = await at.submit([]);
      const result = await at.store.cancelFlow({ flowId: empty, owner: '', now: at.now });
      expect(result).toMatchObject({ cancelled: false, flow: { state: 'succeeded' } });
    },
  },
  {
    id: 'cancel.before-settlement',
    title: 'a late result cannot overwrite a cancelled task, and its output is not kept',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('next', { dependsOn: ['a'] })]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const before = [await at.flow(flowId), await at.tasks(flowId)];
      const result = await runner.tick({ settle: [succeeded(ref, 'late')] });
      expect(result).toMatchObject({ rejected: [ref], changed: [], stop: [] });
      expect([await at.flow(flowId), await at.tasks(flowId)]).toEqual(before);
      expect(await at.store.readOutputs([ref], 1_000)).toEqual([{ kind: 'none' }]);
    },
  },
  {
    id: 'cancel.after-settlement',
    title: 'what was settled before a cancel stays as it was',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b', { dependsOn: ['a'] })]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      await runner.settle(succeeded(ref, 'in time'));
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      expect(await at.states(flowId)).toEqual({ a: 'succeeded', b: 'cancelled' });
      expect(await at.store.readOutputs([ref], 1_000)).toEqual([
        { kind: 'output', value: 'in time' },
      ]);
      expect((await runner.tick()).stop).toEqual([]);
    },
  },
  {
    id: 'cancel.race-with-settlement',
    title: 'a cancel and a settlement at once: one of them wins, wholly',
    async run(at) {
      const runner = await at.runner();
      for (let round = 0; round < 20; round++) {
        const flowId = await at.submit([newTask('a')]);
        const ref = await runner.claimTask('a');
        const settle = () => runner.tick({ settle: [succeeded(ref, 'out')] });
        const cancel = () => at.store.cancelFlow({ flowId, owner: '', now: at.now });
        const [tick, cancelled] =
          round % 2 === 0
            ? await Promise.all([settle(), cancel()])
            : await Promise.all([cancel(), settle()]).then(
                ([second, first]) => [first, second] as const,
              );
        const settled = tick.rejected.length === 0;
        expect(cancelled?.cancelled).toBe(!settled);
        expect((await at.flow(flowId)).state).toBe(settled ? 'succeeded' : 'cancelled');
        const [output] = await at.store.readOutputs([ref], 100);
        expect(output?.kind).toBe(settled ? 'output' : 'none');
        expect(await at.slots()).toBe(0);
      }
    },
  },
  {
    id: 'cancel.stop-is-told',
    title: 'a runner is told of its cancelled attempts at every tick until it settles them',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 2));
      await at.submit([newTask('other')]);
      const runner = await at.runner();
      const bystander = await at.runner();
      const held = await runner.hold();
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const told = async () => (await runner.tick()).stop.map(({ taskId }) => taskId).sort();
      expect(await told()).toEqual(['t0', 't1']);
      expect(await told()).toEqual(['t0', 't1']);
      expect((await bystander.tick()).stop).toEqual([]);
      const { stop } = await runner.settle(stopped(held('t0')));
      expect(stop).toEqual([held('t1')]);
      await runner.tick({ settle: [succeeded(held('t1'))] });
      expect(await told()).toEqual([]);
    },
  },
  {
    id: 'cancel.stopped-changes-no-record',
    title: 'that a cancelled attempt has stopped changes neither its flow nor its task',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const before = [await at.flow(flowId), await at.tasks(flowId)];
      at.now += 500;
      expect((await runner.settle(stopped(ref))).changed).toEqual([]);
      expect([await at.flow(flowId), await at.tasks(flowId)]).toEqual(before);
    },
  },
  {
    id: 'cancel.large',
    title: 'a flow of 5,000 tasks is cancelled in one call',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 5_000));
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const counts = { cancelled: 5_000, ready: 0 };
      expect((await at.flow(flowId)).counts).toMatchObject(counts);
      expect(await (await at.runner()).claim()).toEqual([]);
    },
  },
  {
    id: 'cancel.racers',
    title: 'of many cancels at once, one cancels',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 3));
      const results = await Promise.all(
        Array.from({ length: 10 }, () => at.store.cancelFlow({ flowId, owner: '', now: at.now })),
      );
      expect(results.filter((result) => result?.cancelled)).toHaveLength(1);
      expect((await at.flow(flowId)).rev).toBe(2);
    },
  },
];
