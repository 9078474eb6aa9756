import { type NewFlowTask, randomIds } from '@tasked/core';
import { expect } from 'vitest';
import { newFlow } from '../../builders/new-flow.ts';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { expectRejection } from '../../expect-rejection.ts';
import type { StoreCase } from '../store-case.ts';

/** Creating flows: whole or not at all. */
export const createFlowCases: readonly StoreCase[] = [
  {
    id: 'create-flow.record',
    title: 'a flow reads back as it was submitted',
    async run(at) {
      await at.queue('builds');
      const flow = newFlow({
        owner: 'ann',
        queue: 'builds',
        failFast: true,
        createdAt: at.now,
        tasks: newTasks('t', 3),
      });
      expect(await at.store.createFlow(flow)).toEqual({ kind: 'created', flowId: flow.id });
      expect(await at.flow(flow.id, 'ann')).toMatchObject({
        id: flow.id,
        owner: 'ann',
        queue: 'builds',
        state: 'running',
        rev: 1,
        taskCount: 3,
        fatalCount: 0,
        failFast: true,
        createdAt: at.now,
        endedAt: null,
      });
    },
  },
  {
    id: 'create-flow.tasks',
    title: 'tasks read back as they were submitted, in that order',
    async run(at) {
      const flowId = await at.submit([
        newTask('z', { executor: 'shell', priority: 7, allowFailure: true }),
        newTask('a', { dependsOn: ['z'], triggerRule: 'none_failed' }),
      ]);
      const fresh = { flowId, attempt: 0, fence: 0, failure: null, cause: null };
      const unborn = { progress: null, availableAt: null, startedAt: null, endedAt: null };
      expect(await at.tasks(flowId)).toEqual([
        {
          ...fresh,
          ...unborn,
          id: 'z',
          index: 0,
          executor: 'shell',
          state: 'ready',
          priority: 7,
          triggerRule: 'all_success',
          allowFailure: true,
          rev: 1,
        },
        {
          ...fresh,
          ...unborn,
          id: 'a',
          index: 1,
          executor: 'noop',
          state: 'blocked',
          priority: 0,
          triggerRule: 'none_failed',
          allowFailure: false,
          rev: 1,
        },
      ]);
    },
  },
  {
    id: 'create-flow.roots-ready',
    title: 'tasks without dependencies and holds are ready, the others blocked',
    async run(at) {
      const flowId = await at.submit([
        newTask('join', { dependsOn: ['left', 'right'] }),
        newTask('left'),
        newTask('right'),
        newTask('held', { holds: 1 }),
        newTask('eager', { dependsOn: ['left'], triggerRule: 'all_done' }),
      ]);
      expect(await at.states(flowId)).toEqual({
        join: 'blocked',
        left: 'ready',
        right: 'ready',
        held: 'blocked',
        eager: 'blocked',
      });
      const { counts } = await at.flow(flowId);
      expect(counts).toEqual({ ...NO_TASKS, ready: 2, blocked: 3 });
    },
  },
  {
    id: 'create-flow.empty',
    title: 'a flow of no tasks is created as succeeded',
    async run(at) {
      const flowId = await at.submit([]);
      const flow = await at.flow(flowId);
      expect(flow).toMatchObject({ state: 'succeeded', taskCount: 0, endedAt: at.now });
      expect(flow.counts).toEqual(NO_TASKS);
    },
  },
  {
    id: 'create-flow.unknown-queue',
    title: 'a flow for a queue that does not exist is refused and leaves nothing behind',
    async run(at) {
      const idempotency = { key: 'k', specHash: 'h' };
      const flow = newFlow({ queue: 'nowhere', idempotency });
      await expectRejection(at.store.createFlow(flow), 'not_found');
      expect(await at.store.getFlow(flow.id, '')).toBeNull();
      await at.queue('nowhere');
      expect(await at.store.createFlow(flow)).toEqual({ kind: 'created', flowId: flow.id });
    },
  },
  {
    id: 'create-flow.atomic',
    title: 'a list of tasks that cannot be stored leaves nothing of its flow behind',
    async run(at) {
      await at.queue('default');
      const runner = await at.runner();
      const broken: Record<string, readonly NewFlowTask[]> = {
        'an id twice': [newTask('a'), newTask('b'), newTask('a')],
        'a dependency that is not there': [newTask('a'), newTask('b', { dependsOn: ['nobody'] })],
      };
      for (const [fault, tasks] of Object.entries(broken)) {
        const idempotency = { key: fault, specHash: 'h' };
        const flow = newFlow({ owner: fault, tasks, idempotency });
        await expect(at.store.createFlow(flow), fault).rejects.toThrow();
        expect(await at.store.getFlow(flow.id, fault), fault).toBeNull();
        expect(await at.store.listFlows({ owner: fault, limit: 10 }), fault).toEqual([]);
        expect(await at.tasks(flow.id), fault).toEqual([]);
        expect(await runner.claim(), fault).toEqual([]);
        const mended = { ...flow, tasks: [] };
        expect((await at.store.createFlow(mended)).kind, fault).toBe('created');
        expect(await at.tasks(flow.id), fault).toEqual([]);
      }
    },
  },
  {
    id: 'create-flow.id-taken',
    title: 'an id that is in use is a conflict, and the flow that has it stays as it was',
    async run(at) {
      const flowId = await at.submit([newTask('first')]);
      const before = await at.flow(flowId);
      const again = newFlow({ id: flowId, tasks: [newTask('second'), newTask('third')] });
      expect(await at.store.createFlow(again)).toEqual({ kind: 'conflict', flowId });
      expect(await at.flow(flowId)).toEqual(before);
      expect(await at.states(flowId)).toEqual({ first: 'ready' });
    },
  },
  {
    id: 'create-flow.large',
    title: 'a flow of 10,000 tasks and 30,000 edges is created whole',
    async run(at) {
      const tasks = Array.from({ length: 10_000 }, (_, index) =>
        newTask(`t${index}`, {
          dependsOn: [1, 2, 3].filter((back) => back <= index).map((back) => `t${index - back}`),
        }),
      );
      const flowId = await at.submit(tasks);
      const flow = await at.flow(flowId);
      expect(flow.counts).toEqual({ ...NO_TASKS, ready: 1, blocked: 9_999 });
      expect((await at.tasks(flowId)).map((task) => task.id)).toEqual(tasks.map(({ id }) => id));
    },
  },
  {
    id: 'create-flow.own-copy',
    title: 'what the caller does to its objects afterwards does not reach the store',
    async run(at) {
      const config = { command: 'make', env: { CI: '1' } };
      const input = [1, 2, 3];
      const flowId = await at.submit([newTask('a', { config, input })]);
      config.env.CI = '0';
      input.push(4);
      const [claimed] = await (await at.runner()).claim();
      expect(claimed?.ref.flowId).toBe(flowId);
      expect(claimed?.config).toEqual({ command: 'make', env: { CI: '1' } });
      expect(claimed?.input).toEqual([1, 2, 3]);
    },
  },
  {
    id: 'create-flow.unknown-id',
    title: 'what was never created is null or empty, never an error',
    async run(at) {
      const flowId = randomIds.flowId();
      const ref = { flowId, taskId: 'a' };
      expect(await at.store.getFlow(flowId, '')).toBeNull();
      expect(await at.store.getFlowTask(ref)).toBeNull();
      expect(await at.store.listFlowTasks({ flowId, limit: 10 })).toEqual([]);
      expect(await at.store.listAttempts(ref)).toEqual([]);
      expect(await at.store.changesSince(flowId, 0)).toBeNull();
      expect(await at.store.cancelFlow({ flowId, owner: '', now: at.now })).toBeNull();
      const known = { flowId: await at.submit([newTask('a')]), taskId: 'b' };
      expect(await at.store.getFlowTask(known)).toBeNull();
      expect(await at.store.listAttempts(known)).toEqual([]);
    },
  },
];

const NO_TASKS = {
  blocked: 0,
  delayed: 0,
  ready: 0,
  running: 0,
  waiting: 0,
  succeeded: 0,
  failed: 0,
  cancelled: 0,
  skipped: 0,
};
