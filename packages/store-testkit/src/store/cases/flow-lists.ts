import type { FlowId, ListFlows } from '@tasked/core';
import { expect } from 'vitest';
import { newTask } from '../../builders/new-task.ts';
import { failed, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import type { Workbench } from '../workbench.ts';

/** Lists of flows: newest first, page by page, by owner, queue and state. */
export const flowListCases: readonly StoreCase[] = [
  {
    id: 'flow-lists.newest-first',
    title: 'the newest flow comes first, whatever the order of creation',
    async run(at) {
      const times = [30, 10, 50, 20, 40].map((offset) => at.now + offset);
      for (const createdAt of times) await at.submit([newTask('a')], { createdAt });
      const listed = await at.store.listFlows({ owner: '', limit: 10 });
      expect(listed.map(({ createdAt }) => createdAt)).toEqual(times.sort((a, b) => b - a));
      for (const flow of listed) expect(flow).toEqual(await at.flow(flow.id));
    },
  },
  {
    id: 'flow-lists.ties',
    title:
      'flows of one moment are listed by id, the greatest first, letter case and signs as bytes',
    async run(at) {
      const order = ['b', 'a', '_', 'Z', 'B', '0', '-'];
      const id = (first: string) => `f_${first}${'A'.repeat(21)}`;
      for (const first of ['B', '-', 'b', '_', '0', 'Z', 'a'])
        await at.submit([], { id: id(first) });
      const listed = await at.store.listFlows({ owner: '', limit: 10 });
      expect(listed.map((flow) => flow.id)).toEqual(order.map(id));
    },
  },
  {
    id: 'flow-lists.pages',
    title: 'pages join without a gap or a repetition, also in the middle of one moment',
    async run(at) {
      for (let index = 0; index < 23; index++) {
        await at.submit([], { createdAt: at.now + Math.floor(index / 6) });
      }
      const all = await at.store.listFlows({ owner: '', limit: 100 });
      expect(all).toHaveLength(23);
      for (const limit of [1, 2, 5, 22, 23, 24]) {
        const paged = await pages(at, { owner: '', limit });
        expect(paged).toEqual(all.map(({ id }) => id));
      }
    },
  },
  {
    id: 'flow-lists.pages-while-growing',
    title: 'flows that are created between two pages do not shift the second',
    async run(at) {
      const older: FlowId[] = [];
      for (let index = 0; index < 6; index++) {
        older.push(await at.submit([], { createdAt: at.now + index }));
      }
      const first = await at.store.listFlows({ owner: '', limit: 3 });
      await at.submit([], { createdAt: at.now + 100 });
      const last = first.at(-1);
      const after = { createdAt: last?.createdAt ?? 0, id: last?.id ?? '' };
      const second = await at.store.listFlows({ owner: '', limit: 3, after });
      const listed = [...first, ...second].map(({ id }) => id);
      expect(listed).toEqual(older.reverse());
    },
  },
  {
    id: 'flow-lists.queue',
    title: 'a list by queue tells the flows of that queue, page by page',
    async run(at) {
      for (let index = 0; index < 9; index++) {
        await at.submit([], { queue: index % 3 === 0 ? 'red' : 'blue', createdAt: at.now + index });
      }
      expect(await pages(at, { owner: '', queue: 'red', limit: 2 })).toHaveLength(3);
      expect(await pages(at, { owner: '', queue: 'blue', limit: 2 })).toHaveLength(6);
      expect(await pages(at, { owner: '', queue: 'green', limit: 2 })).toEqual([]);
    },
  },
  {
    id: 'flow-lists.state',
    title: 'a list by state follows the flows as they change',
    async run(at) {
      const runner = await at.runner();
      const succeeds = await at.submit([newTask('a')]);
      await runner.settle(succeeded(await runner.claimTask('a')));
      const fails = await at.submit([newTask('a')]);
      await runner.settle(failed(await runner.claimTask('a')));
      const cancelled = await at.submit([newTask('a')]);
      await at.store.cancelFlow({ flowId: cancelled, owner: '', now: at.now });
      const running = await at.submit([newTask('a')], { queue: 'other' });
      const ofState = (state: 'running' | 'succeeded' | 'failed' | 'cancelled') =>
        pages(at, { owner: '', state, limit: 1 });
      expect(await ofState('succeeded')).toEqual([succeeds]);
      expect(await ofState('failed')).toEqual([fails]);
      expect(await ofState('cancelled')).toEqual([cancelled]);
      expect(await ofState('running')).toEqual([running]);
      const both = { owner: '', state: 'running', limit: 5 } as const;
      expect(await pages(at, { ...both, queue: 'other' })).toEqual([running]);
      expect(await pages(at, { ...both, queue: 'default' })).toEqual([]);
    },
  },
];

/** The ids of every page, one after the other. */
async function pages(at: Workbench, query: ListFlows): Promise<readonly FlowId[]> {
  const ids: FlowId[] = [];
  let page = await at.store.listFlows(query);
  while (page.length > 0) {
    expect(page.length).toBeLessThanOrEqual(query.limit);
    expect(ids.length).toBeLessThan(1_000);
    ids.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    const after = { createdAt: last?.createdAt ?? 0, id: last?.id ?? '' };
    page = await at.store.listFlows({ ...query, after });
  }
  return ids;
}
