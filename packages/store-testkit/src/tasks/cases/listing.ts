import { type ListPlace, type TaskStatus, validStatuses } from '@tasked/core';
import { expect } from 'vitest';
import type { TaskBench } from '../task-bench.ts';
import type { TaskStoreCase } from '../task-store-case.ts';

/** What `listTasks` promises. */
export const taskListingCases: readonly TaskStoreCase[] = [
  {
    id: 'task-list.order',
    title: 'the newest comes first; of those of one moment the one with the greater id, by ASCII',
    async run(at) {
      const ids = ['a', 'B', '_', '-', '10', '9', 'aa', 'Z', 'z'];
      for (const id of ids) await at.create({ id, createdAt: 2_000 });
      await at.create({ id: 'old', createdAt: 1_000 });
      await at.create({ id: 'new', createdAt: 10_000 });
      const tied = ['z', 'aa', 'a', '_', 'Z', 'B', '9', '10', '-'];
      expect(await at.ids({ owner: '' })).toEqual(['new', ...tied, 'old']);
    },
  },
  {
    id: 'task-list.pages',
    title: 'pages join without a gap and without an overlap, however small',
    async run(at) {
      for (let n = 0; n < 23; n++) await at.create({ id: `t${n}`, createdAt: 1_000 + (n % 4) });
      const all = await at.ids({ owner: '' });
      expect(all).toHaveLength(23);
      for (const limit of [1, 7, 23, 24]) expect(await paged(at, limit)).toEqual(all);
    },
  },
  {
    id: 'task-list.place',
    title: 'a list goes on after a place where no task is any more',
    async run(at) {
      for (const id of ['a', 'b', 'c', 'd']) await at.create({ id, createdAt: 5 });
      await at.store.deleteTask('c', '');
      expect(await at.ids({ owner: '', after: { createdAt: 5, id: 'c' } })).toEqual(['b', 'a']);
      expect(await at.ids({ owner: '', after: { createdAt: 6, id: '' } })).toHaveLength(3);
      expect(await at.ids({ owner: '', after: { createdAt: 5, id: '' } })).toEqual([]);
    },
  },
  {
    id: 'task-list.limit',
    title: 'a list is no longer than its limit; one of none is empty',
    async run(at) {
      for (const id of ['a', 'b', 'c']) await at.create({ id });
      expect(await at.ids({ owner: '', limit: 2 })).toEqual(['c', 'b']);
      expect(await at.ids({ owner: '', limit: 0 })).toEqual([]);
    },
  },
  {
    id: 'task-list.status',
    title: 'a list of one status has exactly those, as they are now, and pages alike',
    async run(at) {
      for (let n = 0; n < 15; n++)
        await at.create({ id: `t${n}`, createdAt: n, status: status(n) });
      for (const [index, wanted] of validStatuses.entries()) {
        const ids = [10, 5, 0].map((n) => `t${n + index}`);
        expect(await at.ids({ owner: '', status: wanted })).toEqual(ids);
        const after = { createdAt: 10 + index, id: `t${10 + index}` };
        const next = await at.ids({ owner: '', status: wanted, after, limit: 1 });
        expect(next).toEqual([`t${5 + index}`]);
      }
      const task = await at.store.getTask('t0', '');
      if (task !== null) await at.put({ ...task, status: 'cancelled', version: 2 });
      expect(await at.ids({ owner: '', status: 'working' })).toEqual(['t10', 't5']);
      expect(await at.ids({ owner: '', status: 'cancelled' })).toContain('t0');
    },
  },
  {
    id: 'task-list.owner',
    title: 'a list has the tasks of its owner only',
    async run(at) {
      for (const owner of ['', 'a', 'b', 'A']) {
        for (const n of [1, 2]) await at.create({ id: `${owner}${n}`, owner, createdAt: n });
      }
      expect(await at.ids({ owner: 'a' })).toEqual(['a2', 'a1']);
      expect(await at.ids({ owner: 'A', status: 'working' })).toEqual(['A2', 'A1']);
      expect(await at.ids({ owner: '' })).toEqual(['2', '1']);
      expect(await at.ids({ owner: 'c' })).toEqual([]);
      expect(await at.ids({ owner: 'b', after: { createdAt: 2, id: 'b2' } })).toEqual(['b1']);
    },
  },
  {
    id: 'task-list.all-owners',
    title: 'a list of all owners has every task of one status that is old enough',
    async run(at) {
      for (const [n, owner] of ['', 'a', 'b', 'c'].entries()) {
        await at.create({ id: `w${n}`, owner, createdAt: n });
        await at.create({ id: `i${n}`, owner, createdAt: n, status: 'input_required' });
      }
      const query = { owner: null, status: 'working', limit: 100 } as const;
      const after = { createdAt: 3, id: '' };
      const found = await at.store.listTasks({ ...query, after });
      expect(found.map(({ id }) => id)).toEqual(['w2', 'w1', 'w0']);
      expect(found.map(({ owner }) => owner)).toEqual(['b', 'a', '']);
      expect(await at.store.listTasks({ ...query, limit: 2 })).toHaveLength(2);
    },
  },
];

function status(n: number): TaskStatus {
  return validStatuses[n % validStatuses.length] as TaskStatus;
}

async function paged(at: TaskBench, limit: number): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: ListPlace | undefined;
  for (;;) {
    const page = await at.store.listTasks({ owner: '', limit, ...(after && { after }) });
    ids.push(...page.map(({ id }) => id));
    if (page.length < limit) return ids;
    after = page.at(-1);
  }
}
