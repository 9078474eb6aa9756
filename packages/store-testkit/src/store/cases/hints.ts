import type { Flow } from '@tasked/core';
import { expect } from 'vitest';
import { newFlow } from '../../builders/new-flow.ts';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { retried, stopped, succeeded } from '../../builders/settlements.ts';
import { hearHints, settleTurns } from '../hear-hints.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** Hints: every commit of this process wakes its listeners, at once, after the fact. */
export const hintCases: readonly StoreCase[] = [
  {
    id: 'hints.create',
    title: 'creating a flow publishes a hint, one of an empty flow says that it ended',
    async run(at) {
      await at.queue('default');
      const heard = await hearHints(at.store);
      const flowId = await at.submit([newTask('a')]);
      const created = await heard.since();
      expect(created.filter(({ flows }) => flows?.length !== 0)).toEqual([
        { by: null, flows: [{ flowId, rev: 1, ended: false }] },
      ]);
      const empty = await at.submit([]);
      const [hint] = (await heard.since()).filter(({ flows }) => flows?.length !== 0);
      expect(hint).toEqual({ by: null, flows: [{ flowId: empty, rev: 1, ended: true }] });
    },
  },
  {
    id: 'hints.nothing-created',
    title: 'a submit that creates nothing publishes nothing',
    async run(at) {
      const idempotency = { key: 'k', specHash: 'h' };
      const flowId = await at.submit([newTask('a')], { idempotency });
      const heard = await hearHints(at.store);
      await at.store.createFlow(newFlow({ idempotency }));
      await at.store.createFlow(newFlow({ idempotency: { ...idempotency, specHash: 'other' } }));
      await at.store.createFlow(newFlow({ id: flowId }));
      await at.store.createFlow(newFlow({ queue: 'nowhere' })).catch(() => null);
      expect(await heard.since()).toEqual([]);
    },
  },
  {
    id: 'hints.advance',
    title: 'a tick publishes one hint, by its runner, with the flows it changed and those it ended',
    async run(at) {
      const ending = await at.submit([newTask('e')]);
      const going = await at.submit([newTask('g'), newTask('h', { dependsOn: ['g'] })]);
      const runner = await at.runner();
      const heard = await hearHints(at.store);
      const claimed = await runner.tick({ claim: room() });
      expect(await heard.since()).toEqual([{ by: runner.id, flows: claimed.changed }]);
      const settle = claimed.claimed.map(({ ref }) => succeeded(ref));
      const settled = await runner.tick({ settle });
      expect(await heard.since()).toEqual([{ by: runner.id, flows: settled.changed }]);
      const ended = settled.changed.map((flow) => [flow.flowId, flow.ended]);
      expect(new Map(ended as [string, boolean][])).toEqual(
        new Map([
          [ending, true],
          [going, false],
        ]),
      );
    },
  },
  {
    id: 'hints.other-calls',
    title: 'cancels, holds that decide a fate and take-overs publish the flow they changed',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('held', { holds: 1 })]);
      const dead = await at.runner();
      const by = await at.runner();
      await dead.claim();
      const heard = await hearHints(at.store);
      const flows = async () =>
        (await heard.since()).flatMap((hint) => {
          expect(hint.by).toBeNull();
          return hint.flows ?? [];
        });
      await at.store.removeHold({ flowId, taskIds: ['held'], now: at.now });
      expect(await flows()).toEqual([{ flowId, rev: 3, ended: false }]);
      await at.store.takeOver({ dead: dead.id, by: by.id, limit: 5, now: at.now });
      expect(await flows()).toEqual([{ flowId, rev: 4, ended: false }]);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      expect(await flows()).toEqual([{ flowId, rev: 5, ended: true }]);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      expect(await flows()).toEqual([]);
    },
  },
  {
    id: 'hints.without-a-flow',
    title: 'a freed slot and a resumed queue wake runners, though they change no flow',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      await at.store.setQueuePaused('default', true);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const heard = await hearHints(at.store);
      await runner.settle(stopped(ref));
      expect(await heard.since()).toEqual([{ by: runner.id, flows: [] }]);
      await at.store.setQueuePaused('default', false);
      expect(await heard.since()).toEqual([{ by: null, flows: [] }]);
    },
  },
  {
    id: 'hints.after-commit',
    title: 'who hears a hint can read what it tells, and may call the store',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const told: { readonly rev: number; readonly read: Promise<Flow | null> }[] = [];
      const unsubscribe = at.store.subscribe((hint) => {
        for (const { flowId: id, rev } of hint.flows ?? []) {
          told.push({ rev, read: at.store.getFlow(id, '') });
        }
      });
      const ref = await runner.claimTask('a');
      await runner.tick({ settle: [retried(ref, at.now)], claim: room() });
      await runner.succeed([{ ...ref, fence: 2 }]);
      await settleTurns();
      unsubscribe();
      expect(told.map(({ rev }) => rev)).toEqual([2, 3, 4]);
      for (const { rev, read } of told) expect((await read)?.rev).toBeGreaterThanOrEqual(rev);
      expect((await at.flow(flowId)).state).toBe('succeeded');
    },
  },
  {
    id: 'hints.never-inside-the-call',
    title: 'no listener is called while the call that made the commit still runs its own code',
    async run(at) {
      await at.queue('default');
      let calling = false;
      let inside = 0;
      at.store.subscribe(() => {
        if (calling) inside += 1;
      });
      const runner = await at.runner();
      calling = true;
      const creating = at.store.createFlow(newFlow());
      calling = false;
      await creating;
      calling = true;
      const ticking = runner.tick({ claim: room() });
      calling = false;
      await ticking;
      await settleTurns();
      expect(inside).toBe(0);
    },
  },
  {
    id: 'hints.unsubscribe',
    title: 'every listener hears every hint until it unsubscribes, which it may do twice',
    async run(at) {
      await at.queue('default');
      const one = await hearHints(at.store);
      const two = await hearHints(at.store);
      await at.store.createFlow(newFlow());
      expect(await one.since()).toHaveLength(1);
      expect(await two.since()).toHaveLength(1);
      one.unsubscribe();
      one.unsubscribe();
      await at.store.createFlow(newFlow());
      expect(await one.since()).toEqual([]);
      expect(await two.since()).toHaveLength(1);
    },
  },
  {
    id: 'hints.every-commit',
    title: 'none of many commits at once goes without its hint',
    async run(at) {
      const flows: string[] = [];
      for (let index = 0; index < 20; index++) {
        flows.push(await at.submit(newTasks('t', 2)));
      }
      const runners = await at.runners(10);
      const heard = await hearHints(at.store);
      const hands = await Promise.all(runners.map((runner) => runner.claim(4)));
      await Promise.all(
        runners.map((runner, index) => runner.succeed((hands[index] ?? []).map(({ ref }) => ref))),
      );
      const told = (await heard.since()).flatMap((hint) => hint.flows ?? []);
      const ended = told.filter((flow) => flow.ended).map(({ flowId }) => flowId);
      expect(ended.sort()).toEqual(flows.sort());
    },
  },
];
