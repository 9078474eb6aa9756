import type { FlowId, FlowTask } from '@tasked/core';
import { expect } from 'vitest';
import { newFlow } from '../../builders/new-flow.ts';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { asking, succeeded } from '../../builders/settlements.ts';
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
    id: 'sharing.answers',
    title: 'racers of two stores answer each input once, and another store may resume the task',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      await other.store.report(ref, { saved: 'kept' });
      await runner.settle(asking(ref, { x: { ask: 1 }, y: { ask: 2 } }));
      const results = await Promise.all(
        [at, other, at, other].map((one, number) =>
          one.answer(flowId, { a: { x: number, y: number } }),
        ),
      );
      const winners = results.flatMap(({ accepted }, number) =>
        accepted.map(({ key }) => [key, number] as const),
      );
      expect(winners).toHaveLength(2);
      const second = await other.runner();
      const answers = Object.fromEntries(winners);
      expect((await second.claimOne()).resume).toEqual({ answers, expired: [], saved: 'kept' });
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
    id: 'sharing.changes',
    title:
      'who follows a flow from another store sees it whole at every moment, and misses nothing',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      const [first, last] = [newTask('first'), newTasks('t', 60, { dependsOn: ['first'] })];
      const flowId = await at.submit([first, ...last]);
      const runner = await at.runner();
      const mirror = new Map<string, FlowTask>();
      let rev = 0;
      const follow = async () => {
        const changes = await other.store.changesSince(flowId, rev);
        if (changes === null) expect.fail(`flow ${flowId} is missing`);
        for (const task of changes.tasks) mirror.set(task.id, task);
        expect(changes.flow.rev).toBeGreaterThanOrEqual(rev);
        rev = changes.flow.rev;
        const states = [...mirror.values()].map(({ state }) => state);
        for (const [state, count] of Object.entries(changes.flow.counts)) {
          expect(states.filter((one) => one === state)).toHaveLength(count);
        }
        return changes.flow.state;
      };
      const running = runner.runAll(7);
      while ((await follow()) === 'running');
      await running;
      expect([...mirror.values()].sort((a, b) => a.index - b.index)).toEqual(
        await at.tasks(flowId),
      );
    },
  },
  {
    id: 'sharing.cancel',
    title: 'when one store cancels what another settles, one comes first, and both see which',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      const runner = await other.runner();
      for (let round = 0; round < 10; round++) {
        const flowId = await at.submit([newTask('a'), newTask('b', { dependsOn: ['a'] })]);
        const attempt = await runner.claimTask('a');
        const [cancel, tick] = await Promise.all([
          at.store.cancelFlow({ flowId, owner: '', now: at.now }),
          runner.tick({ settle: [succeeded(attempt)] }),
        ]);
        expect(cancel?.cancelled).toBe(true);
        const settledFirst = tick.rejected.length === 0;
        const a = settledFirst ? 'succeeded' : 'cancelled';
        for (const one of [at, other]) {
          expect(await one.states(flowId)).toEqual({ a, b: 'cancelled' });
          expect(await one.slots()).toBe(0);
        }
      }
    },
  },
  {
    id: 'sharing.holds',
    title: 'a task whose two holds two stores take away at once becomes ready, once',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      for (let round = 0; round < 10; round++) {
        const flowId = await at.submit([newTask('a', { holds: 2 })]);
        const hold = { flowId, taskIds: ['a'], now: at.now };
        const released = [at, other].map(({ store }) => store.removeHold(hold));
        expect(await Promise.all(released)).toEqual([['a'], ['a']]);
        expect((await other.flow(flowId)).counts).toMatchObject({ ready: 1, blocked: 0 });
        expect((await at.task(flowId, 'a')).rev).toBe((await at.flow(flowId)).rev);
      }
    },
  },
  {
    id: 'sharing.take-over',
    title: 'of takers in two stores each attempt of a dead runner goes to one',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      await at.submit(newTasks('t', 40));
      const dead = await at.runner();
      await dead.claim();
      await at.store.unregisterRunner(dead.id);
      const takers = await Promise.all(
        [at, other, at, other].map(async (one) => ({ one, by: await one.runner() })),
      );
      const takeAll = async ({ one, by }: (typeof takers)[number]) => {
        const haul: string[] = [];
        for (;;) {
          const take = { dead: dead.id, by: by.id, limit: 3, now: at.now };
          const taken = await one.store.takeOver(take);
          if (taken.length === 0) return haul;
          haul.push(...taken.map(({ ref }) => ref.taskId));
        }
      };
      const hauls = (await Promise.all(takers.map(takeAll))).flat();
      expect(hauls).toHaveLength(40);
      expect(new Set(hauls).size).toBe(40);
      expect(await at.slots()).toBe(40);
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
