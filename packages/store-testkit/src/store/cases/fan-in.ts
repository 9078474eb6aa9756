import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** Many dependencies of one task, many dependents of one. */
export const fanInCases: readonly StoreCase[] = [
  {
    id: 'fan-in.one-tick',
    title: 'a join of 1,000 tasks that settle in one tick is claimed in that tick',
    async run(at) {
      const parents = newTasks('p', 1_000);
      const join = newTask('join', { dependsOn: parents.map(({ id }) => id) });
      const flowId = await at.submit([...parents, join]);
      const runner = await at.runner();
      const held = await runner.claim();
      const settle = held.map(({ ref }) => succeeded(ref));
      const result = await runner.tick({ settle, claim: room() });
      expect(result.claimed.map(({ ref }) => ref.taskId)).toEqual(['join']);
      const counts = { succeeded: 1_000, running: 1, blocked: 0, ready: 0 };
      expect((await at.flow(flowId)).counts).toMatchObject(counts);
    },
  },
  {
    id: 'fan-in.last-one-opens',
    title: 'a join stays blocked until the very last of its 1,000 dependencies has ended',
    async run(at) {
      const parents = newTasks('p', 1_000);
      const join = newTask('join', { dependsOn: parents.map(({ id }) => id) });
      const flowId = await at.submit([...parents, join]);
      const runner = await at.runner();
      const held = await runner.hold();
      const last = ['p500', 'p0', 'p999'];
      const others = parents.filter(({ id }) => !last.includes(id));
      await runner.succeed(others.map(({ id }) => held(id)));
      for (const id of last) {
        expect((await at.task(flowId, 'join')).state).toBe('blocked');
        await runner.succeed([held(id)]);
      }
      expect((await at.task(flowId, 'join')).state).toBe('ready');
    },
  },
  {
    id: 'fan-in.racers',
    title: 'a join whose dependencies many runners settle at once becomes ready once',
    async run(at) {
      const parents = newTasks('p', 200);
      const dependsOn = parents.map(({ id }) => id);
      const joins = newTasks('join', 3, { dependsOn });
      const flowId = await at.submit([...parents, ...joins]);
      const runners = await at.runners(10);
      const hands = [];
      for (const runner of runners) hands.push({ runner, held: await runner.claim(20) });
      const results = await Promise.all(
        hands.map(({ runner, held }) =>
          runner.tick({ settle: held.map(({ ref }) => succeeded(ref)), claim: room() }),
        ),
      );
      expect(results.flatMap(({ rejected }) => rejected)).toEqual([]);
      const claimed = results.flatMap((result) => result.claimed.map(({ ref }) => ref.taskId));
      expect(claimed.sort()).toEqual(['join0', 'join1', 'join2']);
      expect((await at.flow(flowId)).counts).toMatchObject({ succeeded: 200, running: 3 });
    },
  },
  {
    id: 'fan-in.fan-out',
    title: 'one task opens 1,000 dependents in the tick that settles it',
    async run(at) {
      const flowId = await at.submit([
        newTask('root'),
        ...newTasks('leaf', 1_000, { dependsOn: ['root'] }),
      ]);
      const runner = await at.runner();
      const root = await runner.claimTask('root');
      const result = await runner.tick({ settle: [succeeded(root)], claim: room() });
      expect(result.claimed).toHaveLength(1_000);
      const refs = result.claimed.map(({ ref }) => ref);
      expect((await runner.succeed(refs)).changed).toMatchObject([{ flowId, ended: true }]);
      expect((await at.flow(flowId)).state).toBe('succeeded');
    },
  },
  {
    id: 'fan-in.lattice',
    title:
      'no task of a layer starts before all of the layer above have ended, however urgent it is',
    async run(at) {
      const layers = 8;
      const width = 12;
      const layer = (depth: number) =>
        newTasks(`l${depth}-`, width, {
          dependsOn: depth === 0 ? [] : newTasks(`l${depth - 1}-`, width).map(({ id }) => id),
          priority: layers - depth,
        });
      const flowId = await at.submit(
        Array.from({ length: layers }, (_, depth) => layer(depth)).flat(),
      );
      const ran = await (await at.runner()).runAll(5);
      const depths = ran.map((id) => Number(id.slice(1, id.indexOf('-'))));
      expect(ran).toHaveLength(layers * width);
      expect(depths).toEqual([...depths].sort((a, b) => a - b));
      expect((await at.flow(flowId)).state).toBe('succeeded');
    },
  },
];
