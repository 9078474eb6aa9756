import { randomIds } from '@tasked/core';
import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { failed } from '../../builders/settlements.ts';
import { expectRejection } from '../../expect-rejection.ts';
import type { StoreCase } from '../store-case.ts';

/** Holds: open dependencies that are no tasks. */
export const holdCases: readonly StoreCase[] = [
  {
    id: 'holds.remove',
    title: 'a held task becomes ready when its last hold is taken away',
    async run(at) {
      const flowId = await at.submit([newTask('a', { holds: 2 })]);
      const holds = { flowId, taskIds: ['a'], now: at.now };
      const runner = await at.runner();
      expect(await at.store.removeHold(holds)).toEqual(['a']);
      expect((await at.task(flowId, 'a')).state).toBe('blocked');
      expect(await runner.claim()).toEqual([]);
      expect(await at.store.removeHold(holds)).toEqual(['a']);
      expect((await at.task(flowId, 'a')).state).toBe('ready');
      expect((await at.flow(flowId)).counts).toMatchObject({ ready: 1, blocked: 0 });
      expect(await runner.claim()).toHaveLength(1);
    },
  },
  {
    id: 'holds.with-dependencies',
    title: 'a hold and a dependency both have to go, in either order',
    async run(at) {
      const flowId = await at.submit([
        newTask('root'),
        newTask('hold-first', { dependsOn: ['root'], holds: 1 }),
        newTask('root-first', { dependsOn: ['root'], holds: 1 }),
      ]);
      const runner = await at.runner();
      const root = await runner.claimTask('root');
      await at.store.removeHold({ flowId, taskIds: ['hold-first'], now: at.now });
      expect((await at.task(flowId, 'hold-first')).state).toBe('blocked');
      await runner.succeed([root]);
      expect(await at.states(flowId)).toMatchObject({
        'hold-first': 'ready',
        'root-first': 'blocked',
      });
      await at.store.removeHold({ flowId, taskIds: ['root-first'], now: at.now });
      expect((await at.task(flowId, 'root-first')).state).toBe('ready');
    },
  },
  {
    id: 'holds.add',
    title: 'a hold that is added keeps a blocked task back, once for every time',
    async run(at) {
      const flowId = await at.submit([newTask('root'), newTask('a', { dependsOn: ['root'] })]);
      const holds = { flowId, taskIds: ['a'], now: at.now };
      expect(await at.store.addHold(holds)).toEqual(['a']);
      expect(await at.store.addHold(holds)).toEqual(['a']);
      const runner = await at.runner();
      await runner.succeed([await runner.claimTask('root')]);
      expect((await at.task(flowId, 'a')).state).toBe('blocked');
      await at.store.removeHold(holds);
      expect((await at.task(flowId, 'a')).state).toBe('blocked');
      await at.store.removeHold(holds);
      expect((await at.task(flowId, 'a')).state).toBe('ready');
    },
  },
  {
    id: 'holds.only-blocked',
    title:
      'only tasks that are still blocked get or lose a hold; the others are left out of the answer',
    async run(at) {
      const flowId = await at.submit([
        newTask('ended'),
        newTask('ready', { executor: 'shell' }),
        newTask('b1', { dependsOn: ['ready'] }),
        newTask('b2', { dependsOn: ['ready'] }),
      ]);
      const runner = await at.runner();
      await runner.succeed([await runner.claimTask('ended')]);
      const taskIds = ['b2', 'ended', 'nobody', 'b1', 'ready', 'b2'];
      const holds = { flowId, taskIds, now: at.now };
      expect(await at.store.addHold(holds)).toEqual(['b2', 'b1']);
      expect((await at.states(flowId)).ready).toBe('ready');
      expect(await at.store.removeHold(holds)).toEqual(['b2', 'b1']);
      await expectRejection(
        at.store.removeHold({ flowId, taskIds: ['b2'], now: at.now }),
        'illegal_transition',
      );
      expect(await at.store.addHold({ ...holds, taskIds: [] })).toEqual([]);
    },
  },
  {
    id: 'holds.illegal-removal',
    title: 'taking away a hold that is not there is refused, and takes none of the others',
    async run(at) {
      const flowId = await at.submit([
        newTask('root'),
        newTask('held', { holds: 1 }),
        newTask('bare', { dependsOn: ['root'] }),
      ]);
      const before = [await at.flow(flowId), await at.tasks(flowId)];
      for (const taskIds of [['held', 'bare'], ['bare', 'held'], ['bare']]) {
        const call = at.store.removeHold({ flowId, taskIds, now: at.now });
        await expectRejection(call, 'illegal_transition');
        expect([await at.flow(flowId), await at.tasks(flowId)]).toEqual(before);
      }
      expect(await at.store.removeHold({ flowId, taskIds: ['held'], now: at.now })).toEqual([
        'held',
      ]);
      expect((await at.task(flowId, 'held')).state).toBe('ready');
    },
  },
  {
    id: 'holds.fate',
    title: 'a task whose hold was its last open dependency meets the fate that its rule says',
    async run(at) {
      const held = { dependsOn: ['fails'], holds: 1 };
      const flowId = await at.submit([
        newTask('fails'),
        newTask('success', held),
        newTask('failed', { ...held, triggerRule: 'any_failed' }),
        newTask('below', { dependsOn: ['success'] }),
        newTask('nothing', { holds: 1, triggerRule: 'any_failed' }),
      ]);
      const runner = await at.runner();
      await runner.settle(failed(await runner.claimTask('fails')));
      expect((await at.flow(flowId)).counts).toMatchObject({ blocked: 4 });
      const taskIds = ['success', 'failed', 'nothing'];
      expect(await at.store.removeHold({ flowId, taskIds, now: at.now })).toEqual(taskIds);
      expect(await at.states(flowId)).toEqual({
        fails: 'failed',
        success: 'skipped',
        failed: 'ready',
        below: 'skipped',
        nothing: 'skipped',
      });
      expect((await at.task(flowId, 'below')).cause).toBe('upstream_failed');
      expect((await at.task(flowId, 'nothing')).cause).toBe('nothing_failed');
    },
  },
  {
    id: 'holds.end-of-flow',
    title: 'taking away a hold can end the flow',
    async run(at) {
      const flowId = await at.submit([
        newTask('fails'),
        newTask('held', { dependsOn: ['fails'], holds: 1 }),
        newTask('below', { dependsOn: ['held'] }),
      ]);
      const runner = await at.runner();
      await runner.settle(failed(await runner.claimTask('fails')));
      at.now += 50;
      await at.store.removeHold({ flowId, taskIds: ['held'], now: at.now });
      const flow = await at.flow(flowId);
      expect(flow).toMatchObject({ state: 'failed', endedAt: at.now });
      expect(flow.counts).toMatchObject({ failed: 1, skipped: 2, blocked: 0 });
      expect((await at.task(flowId, 'below')).endedAt).toBe(at.now);
    },
  },
  {
    id: 'holds.unknown-flow',
    title: 'holds of a flow that does not exist are ignored',
    async run(at) {
      const holds = { flowId: randomIds.flowId(), taskIds: ['a'], now: at.now };
      expect(await at.store.addHold(holds)).toEqual([]);
      expect(await at.store.removeHold(holds)).toEqual([]);
    },
  },
  {
    id: 'holds.many',
    title: 'the holds of 1,000 tasks are taken away in one call',
    async run(at) {
      const tasks = newTasks('t', 1_000, { holds: 1 });
      const flowId = await at.submit(tasks);
      const taskIds = tasks.map(({ id }) => id);
      expect(await at.store.removeHold({ flowId, taskIds, now: at.now })).toEqual(taskIds);
      expect((await at.flow(flowId)).counts).toMatchObject({ ready: 1_000, blocked: 0 });
    },
  },
];
