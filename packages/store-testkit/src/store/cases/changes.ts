import type { FlowId } from '@tasked/core';
import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { failed, retried, snoozed, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';
import type { Workbench } from '../workbench.ts';

/** `rev` and `changesSince`: who looks again sees what changed, and nothing else. */
export const changeCases: readonly StoreCase[] = [
  {
    id: 'changes.rev-by-one',
    title:
      'every commit that changes a flow raises its rev by exactly one, however much it changes',
    async run(at) {
      const flowId = await at.submit([
        ...newTasks('t', 5),
        newTask('join', { dependsOn: ['t0', 't1'] }),
        newTask('held', { holds: 1 }),
        newTask('doomed', { dependsOn: ['t3'] }),
      ]);
      const runner = await at.runner();
      let rev = 1;
      const risen = async () => {
        expect((await at.flow(flowId)).rev).toBe(++rev);
      };
      expect((await at.flow(flowId)).rev).toBe(rev);
      const held = await runner.hold();
      await risen();
      await runner.succeed([held('t0'), held('t1')]);
      await risen();
      const settle = [snoozed(held('t2'), at.now + 10), failed(held('t3'))];
      await runner.tick({ settle, claim: room() });
      await risen();
      await runner.settle(retried(held('t4'), at.now + 20));
      await risen();
      at.now += 10;
      await runner.tick();
      await risen();
      await at.store.removeHold({ flowId, taskIds: ['held'], now: at.now });
      await risen();
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      await risen();
    },
  },
  {
    id: 'changes.rev-stays',
    title: 'what changes no field of a flow or its tasks leaves its rev alone',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b', { dependsOn: ['a'] })]);
      const runner = await at.runner();
      await runner.claimTask('a');
      const before = await at.flow(flowId);
      const holds = { flowId, taskIds: ['b'], now: at.now };
      await at.store.addHold(holds);
      await at.store.removeHold(holds);
      await at.store.setQueuePaused('default', true);
      await at.store.cancelFlow({ flowId, owner: 'somebody else', now: at.now });
      await at.submit([newTask('other')]);
      await runner.tick({ claim: room() });
      expect(await at.flow(flowId)).toEqual(before);
    },
  },
  {
    id: 'changes.take-over',
    title: 'a take-over is a change of the tasks it moves',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 3));
      const dead = await at.runner();
      const by = await at.runner();
      await dead.claim(2);
      const { rev } = await at.flow(flowId);
      await at.store.takeOver({ dead: dead.id, by: by.id, limit: 10, now: at.now });
      const changes = await at.store.changesSince(flowId, rev);
      expect(changes?.flow.rev).toBe(rev + 1);
      expect(changes?.tasks.map(({ id, fence }) => [id, fence])).toEqual([
        ['t0', 2],
        ['t1', 2],
      ]);
    },
  },
  {
    id: 'changes.only-touched',
    title: '`changesSince` tells the tasks that changed after a rev, by index, and no others',
    async run(at) {
      const flowId = await at.submit([
        newTask('join', { dependsOn: ['t0', 't1'] }),
        ...newTasks('t', 4),
      ]);
      const runner = await at.runner();
      const all = ['join', 't0', 't1', 't2', 't3'];
      expect(await changed(at, flowId, 0)).toEqual(all);
      expect(await changed(at, flowId, 1)).toEqual([]);
      const held = await runner.hold();
      expect(await changed(at, flowId, 1)).toEqual(all.slice(1));
      await runner.settle(retried(held('t3'), at.now + 100), succeeded(held('t0')));
      expect(await changed(at, flowId, 2)).toEqual(['t0', 't3']);
      await runner.settle(succeeded(held('t1')));
      expect(await changed(at, flowId, 3)).toEqual(['join', 't1']);
      expect(await changed(at, flowId, 2)).toEqual(['join', 't0', 't1', 't3']);
      expect(await changed(at, flowId, 4)).toEqual([]);
    },
  },
  {
    id: 'changes.records',
    title: 'what `changesSince` tells is what reading the flow and its tasks tells',
    async run(at) {
      const flowId = await at.submit([...newTasks('t', 3), newTask('next', { dependsOn: ['t1'] })]);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(failed(held('t1')), succeeded(held('t0')));
      const flow = await at.flow(flowId);
      const tasks = await at.tasks(flowId);
      expect(await at.store.changesSince(flowId, 0)).toEqual({ flow, tasks });
      const latest = tasks.filter((task) => task.rev === flow.rev);
      expect(await at.store.changesSince(flowId, flow.rev - 1)).toEqual({ flow, tasks: latest });
      expect(await at.store.changesSince(flowId, flow.rev)).toEqual({ flow, tasks: [] });
    },
  },
  {
    id: 'changes.skips-and-cancels',
    title: 'skipped and cancelled tasks are among the changes',
    async run(at) {
      const flowId = await at.submit([
        newTask('fails'),
        newTask('s1', { dependsOn: ['fails'] }),
        newTask('s2', { dependsOn: ['s1'] }),
        newTask('other', { executor: 'shell' }),
        newTask('later', { dependsOn: ['other'] }),
      ]);
      const runner = await at.runner();
      await runner.settle(failed(await runner.claimTask('fails')));
      expect(await changed(at, flowId, 2)).toEqual(['fails', 's1', 's2']);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      expect(await changed(at, flowId, 3)).toEqual(['other', 'later']);
    },
  },
];

async function changed(at: Workbench, flowId: FlowId, rev: number) {
  const changes = await at.store.changesSince(flowId, rev);
  return changes?.tasks.map(({ id }) => id);
}
