import { expect } from 'vitest';
import { newTask } from '../../builders/new-task.ts';
import type { StoreCase } from '../store-case.ts';

/** What belongs to somebody else is not there. */
export const ownerCases: readonly StoreCase[] = [
  {
    id: 'owners.get',
    title: 'a flow is there for its owner and for nobody else',
    async run(at) {
      const flowId = await at.submit([newTask('a')], { owner: 'ann' });
      expect((await at.flow(flowId, 'ann')).owner).toBe('ann');
      for (const stranger of STRANGERS) expect(await at.store.getFlow(flowId, stranger)).toBeNull();
    },
  },
  {
    id: 'owners.cancel',
    title: 'a flow of somebody else cannot be cancelled',
    async run(at) {
      const flowId = await at.submit([newTask('a')], { owner: 'ann' });
      const before = await at.flow(flowId, 'ann');
      for (const owner of STRANGERS) {
        expect(await at.store.cancelFlow({ flowId, owner, now: at.now })).toBeNull();
      }
      expect(await at.flow(flowId, 'ann')).toEqual(before);
    },
  },
  {
    id: 'owners.list',
    title: 'a list tells the flows of one owner, whatever else it asks for',
    async run(at) {
      for (const owner of ['ann', 'bob', '', 'ann']) await at.submit([newTask('a')], { owner });
      const count = async (owner: string) => {
        const plain = await at.store.listFlows({ owner, limit: 10 });
        const narrow = { owner, queue: 'default', state: 'running', limit: 10 } as const;
        expect(await at.store.listFlows(narrow)).toEqual(plain);
        for (const flow of plain) expect(flow.owner).toBe(owner);
        return plain.length;
      };
      expect(await count('ann')).toBe(2);
      expect(await count('bob')).toBe(1);
      expect(await count('')).toBe(1);
      expect(await count('carl')).toBe(0);
    },
  },
  {
    id: 'owners.odd-names',
    title: 'an owner may have any name, and names are compared exactly',
    async run(at) {
      const names = [
        '',
        ' ',
        'ann',
        'Ann',
        'ann ',
        '%',
        '_',
        "o'neil",
        'auth0|5',
        'Åsa',
        '世界',
        '😀',
      ];
      const flows = new Map<string, string>();
      for (const owner of names) flows.set(owner, await at.submit([newTask('a')], { owner }));
      for (const owner of names) {
        const listed = await at.store.listFlows({ owner, limit: 100 });
        expect(listed.map(({ id }) => id)).toEqual([flows.get(owner)]);
      }
    },
  },
  {
    id: 'owners.work-is-shared',
    title: 'runners work for all owners',
    async run(at) {
      for (const owner of ['ann', 'bob']) await at.submit([newTask('a')], { owner });
      const claimed = await (await at.runner()).claim();
      expect(claimed.map(({ owner }) => owner).sort()).toEqual(['ann', 'bob']);
    },
  },
];

/** Who is not `ann`. */
const STRANGERS = ['', 'bob', 'Ann', 'ann ', 'an', '%'];
