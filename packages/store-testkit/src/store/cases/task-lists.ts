import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { failed, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';

/** Lists of a flow's tasks: by index, page by page, by state. */
export const taskListCases: readonly StoreCase[] = [
  {
    id: 'task-lists.pages',
    title: 'pages of tasks follow the index without a gap or a repetition',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 25));
      await at.submit(newTasks('other', 25));
      for (const limit of [1, 7, 24, 25, 26]) {
        const ids: string[] = [];
        let afterIndex = -1;
        for (let call = 0; call < 30; call++) {
          const page = await at.store.listFlowTasks({ flowId, limit, afterIndex });
          expect(page.length).toBeLessThanOrEqual(limit);
          ids.push(...page.map(({ id }) => id));
          afterIndex = page.at(-1)?.index ?? afterIndex;
        }
        expect(ids).toEqual(newTasks('t', 25).map(({ id }) => id));
      }
    },
  },
  {
    id: 'task-lists.states',
    title: 'a list by states tells the tasks in any of them, by index, page by page',
    async run(at) {
      const flowId = await at.submit([
        newTask('blocked', { dependsOn: ['runs'] }),
        newTask('fails'),
        newTask('runs'),
        newTask('skipped', { dependsOn: ['fails'] }),
        newTask('done'),
        newTask('ready', { executor: 'shell' }),
      ]);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(failed(held('fails')), succeeded(held('done')));
      const ids = async (states: Parameters<typeof at.store.listFlowTasks>[0]['states']) => {
        const query = { flowId, limit: 10, ...(states === undefined ? {} : { states }) };
        return (await at.store.listFlowTasks(query)).map(({ id }) => id);
      };
      expect(await ids(['failed'])).toEqual(['fails']);
      expect(await ids(['succeeded', 'failed', 'skipped'])).toEqual(['fails', 'skipped', 'done']);
      expect(await ids(['ready', 'blocked'])).toEqual(['blocked', 'ready']);
      expect(await ids(['delayed', 'cancelled'])).toEqual([]);
      expect(await ids([])).toEqual([]);
      expect(await ids(undefined)).toHaveLength(6);
      const second = { flowId, states: ['failed', 'skipped'] as const, limit: 1, afterIndex: 1 };
      expect((await at.store.listFlowTasks(second)).map(({ id }) => id)).toEqual(['skipped']);
    },
  },
  {
    id: 'task-lists.ids',
    title: 'ids that differ only in case, or look like numbers, are different tasks',
    async run(at) {
      const ids = ['a', 'A', '1', '01', '-', '_', 'a-', '__proto__', 'constructor'];
      const flowId = await at.submit(ids.map((id) => newTask(id)));
      expect((await at.tasks(flowId)).map(({ id }) => id)).toEqual(ids);
      for (const [index, id] of ids.entries()) {
        expect(await at.task(flowId, id)).toMatchObject({ id, index });
      }
    },
  },
  {
    id: 'task-lists.same-ids-in-other-flows',
    title: 'tasks of one id in different flows do not touch each other',
    async run(at) {
      const one = await at.submit([newTask('a'), newTask('b', { dependsOn: ['a'] })]);
      const two = await at.submit([newTask('a'), newTask('b', { dependsOn: ['a'] })]);
      const runner = await at.runner();
      const claimed = await runner.claim();
      const ofOne = claimed.filter(({ ref }) => ref.flowId === one).map(({ ref }) => ref);
      await runner.succeed(ofOne, 'one');
      expect(await at.states(one)).toEqual({ a: 'succeeded', b: 'ready' });
      expect(await at.states(two)).toEqual({ a: 'running', b: 'blocked' });
      const refs = [one, two].map((flowId) => ({ flowId, taskId: 'a' }));
      expect(await at.store.readOutputs(refs, 1_000)).toEqual([
        { kind: 'output', value: 'one' },
        { kind: 'none' },
      ]);
    },
  },
];
