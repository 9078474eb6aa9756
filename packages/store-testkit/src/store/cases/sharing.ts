import type { FlowId } from '@tasked/core';
import { expect } from 'vitest';
import { newFlow } from '../../builders/new-flow.ts';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { succeeded } from '../../builders/settlements.ts';
import { hearForeignHint } from '../hear-hints.ts';
import { pruneAll } from '../prune-all.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';
import { seesNothingOf } from '../whole-or-gone.ts';

/** Several stores open on the same data, as several processes have them. */
export const sharingCases: readonly StoreCase[] = [
  {
    id: 'sharing.reads',
    title: 'what one store has acknowledged, another reads at once',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      const flowId = await at.submit([newTask('a'), newTask('b', { dependsOn: ['a'] })]);
      expect(await other.flow(flowId)).toEqual(await at.flow(flowId));
      const runner = await other.runner();
      await runner.succeed([await runner.claimTask('a')], 'out');
      expect(await at.states(flowId)).toEqual({ a: 'succeeded', b: 'ready' });
      const ref = { flowId, taskId: 'a' };
      expect(await at.store.readOutputs([ref], 100)).toEqual([{ kind: 'output', value: 'out' }]);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      expect((await other.flow(flowId)).state).toBe('cancelled');
      expect(await runner.claim()).toEqual([]);
    },
  },
  {
    id: 'sharing.exactly-once',
    title: 'racers of two stores claim every task exactly once',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      const flowId = await at.submit(newTasks('t', 200));
      const runners = [...(await at.runners(4)), ...(await other.runners(4))];
      const claimed: string[] = [];
      for (let round = 0; round < 50 && claimed.length < 200; round++) {
        const hands = await Promise.all(runners.map((runner) => runner.claim(3)));
        claimed.push(...hands.flat().map(({ ref }) => ref.taskId));
      }
      expect(claimed).toHaveLength(200);
      expect(new Set(claimed).size).toBe(200);
      expect((await other.flow(flowId)).counts.running).toBe(200);
    },
  },
  {
    id: 'sharing.slots',
    title: 'racers of two stores never take more slots than the queue has',
    needs: 'openSecond',
    async run(at) {
      await at.queue('default', { concurrency: 3 });
      const other = await at.openSecond();
      await at.submit(newTasks('t', 20));
      const runners = [...(await at.runners(4)), ...(await other.runners(4))];
      const hands = await Promise.all(runners.map((runner) => runner.claim(2)));
      expect(hands.flat()).toHaveLength(3);
      expect(await other.slots()).toBe(3);
    },
  },
  {
    id: 'sharing.fan-in',
    title: 'a join whose dependencies two stores settle at once becomes ready once',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      for (let round = 0; round < 5; round++) {
        const parents = newTasks('p', 8);
        const join = newTask('join', { dependsOn: parents.map(({ id }) => id) });
        const flowId = await at.submit([...parents, join]);
        const runners = [await at.runner(), await other.runner()];
        const hands = [];
        for (const runner of runners) hands.push({ runner, held: await runner.claim(4) });
        const results = await Promise.all(
          hands.map(({ runner, held }) =>
            runner.tick({ settle: held.map(({ ref }) => succeeded(ref)), claim: room() }),
          ),
        );
        const claimed = results.flatMap((result) => result.claimed);
        expect(claimed.map(({ ref }) => ref)).toEqual([{ flowId, taskId: 'join', fence: 1 }]);
      }
    },
  },
  {
    id: 'sharing.idempotency',
    title: 'of submits of one key in two stores at once, one creates',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      await at.queue('default');
      const idempotency = { key: 'k', specHash: 'h' };
      const results = await Promise.all(
        [at, other, at, other].map(({ store }) => store.createFlow(newFlow({ idempotency }))),
      );
      expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1);
      expect(new Set(results.map(({ flowId }) => flowId)).size).toBe(1);
    },
  },
  {
    id: 'sharing.hints',
    title: 'a commit of one store wakes the listeners of another',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      await at.queue('default');
      await at.runner();
      const [hint, flowId] = await hearForeignHint(other.store, () => at.submit([newTask('a')]));
      expect(hint.by).toBeNull();
      if (hint.flows !== null) {
        expect(hint.flows).toEqual([{ flowId, rev: 1, ended: false }]);
      }
    },
  },
  {
    id: 'sharing.alive',
    title: 'a runner of another open store is not lost',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      await at.submit(newTasks('t', 2));
      const theirs = await other.runner();
      await theirs.claim(1);
      const observer = await at.runner();
      expect(await at.store.lostRunners(observer.id)).toEqual([]);
      expect((await at.store.listRunners()).map(({ id }) => id).sort()).toEqual(
        [theirs.id, observer.id].sort(),
      );
    },
  },
  {
    id: 'sharing.death',
    title: 'the runners of a store that closed are lost to another, and taken over once by many',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      const flowId = await at.submit(newTasks('t', 20));
      const theirs = await other.runner();
      await theirs.claim();
      const takers = await at.runners(5);
      const observer = takers[0]?.id ?? '';
      await other.store.close();
      expect(await at.store.lostRunners(observer)).toEqual([theirs.id]);
      const hauls = await Promise.all(
        takers.map(async (by) => ({
          by,
          taken: await at.store.takeOver({ dead: theirs.id, by: by.id, limit: 20, now: at.now }),
        })),
      );
      expect(hauls.flatMap(({ taken }) => taken)).toHaveLength(20);
      for (const { by, taken } of hauls) await by.succeed(taken.map(({ ref }) => ref));
      expect((await at.flow(flowId)).state).toBe('succeeded');
    },
  },
  {
    id: 'sharing.prune',
    title: 'two stores prune at once: every flow goes, whole for both, and what lives stays',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      const over: FlowId[] = [];
      for (let count = 0; count < 10; count++) over.push(await at.submit(newTasks('t', 20)));
      for (const flowId of over) {
        await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      }
      const live = await at.submit([newTask('a')]);
      const both = [at, other];
      const gone = await Promise.all(
        [...both, ...both].map((one) => pruneAll(one, { retentionMs: 0, limit: 7 })),
      );
      expect([...new Set(gone.flat())].toSorted()).toEqual(over.toSorted());
      for (const one of both) {
        for (const flowId of over) await seesNothingOf(one, flowId);
        expect(await one.states(live)).toEqual({ a: 'ready' });
      }
    },
  },
];
