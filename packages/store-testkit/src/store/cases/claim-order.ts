import { CLAIM_TURN, type ClaimedAttempt, claimTurn } from '@tasked/core';
import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import type { StoreCase } from '../store-case.ts';

/** Who comes first: priority, then lanes in turn, then flows in turn, then the index. */
export const claimOrderCases: readonly StoreCase[] = [
  {
    id: 'claim-order.index',
    title: 'tasks of a flow come in the order of the submitted list',
    async run(at) {
      await at.submit(newTasks('t', 30));
      const runner = await at.runner();
      const first = (await runner.claim(5)).map(({ ref }) => ref.taskId);
      const rest = (await runner.claim(30)).map(({ ref }) => ref.taskId);
      expect([...first, ...rest]).toEqual(Array.from({ length: 30 }, (_, index) => `t${index}`));
    },
  },
  {
    id: 'claim-order.index-not-readiness',
    title: 'a task that became ready later comes first when its index is lower',
    async run(at) {
      await at.submit([
        newTask('gate', { priority: 0 }),
        newTask('behind', { priority: 1, dependsOn: ['gate'] }),
        newTask('open', { priority: 1 }),
      ]);
      const runner = await at.runner();
      await runner.succeed([await runner.claimTask('gate')]);
      expect((await runner.claim(2)).map(({ ref }) => ref.taskId)).toEqual(['behind', 'open']);
    },
  },
  {
    id: 'claim-order.priority',
    title: 'the lowest priority number comes first, over flows, queues and executors',
    async run(at) {
      const lanes = [
        { queue: 'red', executor: 'noop' },
        { queue: 'red', executor: 'shell' },
        { queue: 'blue', executor: 'noop' },
      ];
      for (const { queue, executor } of lanes) {
        const tasks = [9, 2, 5, 0, 7].map((priority) =>
          newTask(`p${priority}`, { priority, executor }),
        );
        await at.submit(tasks, { queue });
      }
      const runner = await at.runner();
      const executors = ['noop', 'shell'];
      const seven = await runner.claim(7, { executors });
      expect(seven.map(priorityOf)).toEqual([0, 0, 0, 2, 2, 2, 5]);
      const rest = await runner.claim(20, { executors });
      expect(rest.map(priorityOf)).toEqual([5, 5, 7, 7, 7, 9, 9, 9]);
    },
  },
  {
    id: 'claim-order.priority-extremes',
    title: 'priorities below zero and beyond a thousand keep their order',
    async run(at) {
      const priorities = [10, 9, 1_000, -1, 0, 100_000, -100];
      await at.submit(priorities.map((priority) => newTask(`p${priority}`, { priority })));
      const claimed = await (await at.runner()).claim();
      expect(claimed.map(priorityOf)).toEqual([-100, -1, 0, 9, 10, 1_000, 100_000]);
    },
  },
  {
    id: 'claim-order.flows-in-turn',
    title: 'in one tick the flows of a lane have their turns, each of at most claimTurn tasks',
    async run(at) {
      const flows = 2;
      for (let flow = 0; flow < flows; flow++) await at.submit(newTasks('t', 3 * CLAIM_TURN));
      const runner = await at.runner();
      const limit = 2 * flows * CLAIM_TURN;
      const claimed = await runner.claim(limit);
      expect(claimed).toHaveLength(limit);
      const turns = chunk(claimed, claimTurn(limit)).map(
        (turn) => new Set(turn.map(({ ref }) => ref.flowId)),
      );
      for (const turn of turns) expect(turn.size).toBe(1);
      for (const round of chunk(turns, flows)) {
        expect(new Set(round.flatMap((turn) => [...turn])).size).toBe(flows);
      }
    },
  },
  {
    id: 'claim-order.big-flow-small-flow',
    title: 'a flow of thousands does not starve a small one that came later',
    async run(at) {
      await at.submit(newTasks('big', 3_000));
      const small = await at.submit(newTasks('small', 3));
      const claimed = await (await at.runner()).claim(2 * CLAIM_TURN);
      const ofSmall = claimed.filter(({ ref }) => ref.flowId === small);
      expect(ofSmall.map(({ ref }) => ref.taskId)).toEqual(['small0', 'small1', 'small2']);
      expect(claimed).toHaveLength(2 * CLAIM_TURN);
    },
  },
  {
    id: 'claim-order.flows-in-turn-over-ticks',
    title: 'no flow starves however few tasks a tick claims',
    async run(at) {
      const flows = 3;
      for (let flow = 0; flow < flows; flow++) await at.submit(newTasks('t', 3 * CLAIM_TURN));
      const runner = await at.runner();
      const served = new Set<string>();
      for (let tick = 0; tick < flows * CLAIM_TURN; tick++) {
        for (const { ref } of await runner.claim(1)) served.add(ref.flowId);
      }
      expect(served.size).toBe(flows);
    },
  },
  {
    id: 'claim-order.lanes-in-turn',
    title: 'in one tick every lane, a queue and an executor, has its turn',
    async run(at) {
      const lanes = [
        { queue: 'red', executor: 'noop' },
        { queue: 'red', executor: 'shell' },
        { queue: 'blue', executor: 'noop' },
      ];
      for (const { queue, executor } of lanes) {
        await at.submit(newTasks('t', 3 * CLAIM_TURN, { executor }), { queue });
      }
      const claimed = await (await at.runner()).claim(lanes.length * CLAIM_TURN, {
        executors: ['noop', 'shell'],
      });
      const perLane = lanes.map(
        ({ queue, executor }) =>
          claimed.filter((got) => got.queue === queue && got.executor === executor).length,
      );
      expect(perLane).toEqual(lanes.map(() => CLAIM_TURN));
    },
  },
  {
    id: 'claim-order.lanes-in-turn-over-ticks',
    title: 'no lane starves however few tasks a tick claims',
    async run(at) {
      const queues = ['red', 'green', 'blue'];
      for (const queue of queues) await at.submit(newTasks('t', 3 * CLAIM_TURN), { queue });
      const runner = await at.runner();
      const served = new Set<string>();
      for (let tick = 0; tick < queues.length * CLAIM_TURN; tick++) {
        for (const { queue } of await runner.claim(1)) served.add(queue);
      }
      expect(served.size).toBe(queues.length);
    },
  },
  {
    id: 'claim-order.full-queue-steps-aside',
    title: 'a queue without a free slot does not hold up others, whatever its priorities',
    async run(at) {
      await at.queue('narrow', { concurrency: 1 });
      await at.submit(newTasks('urgent', 50, { priority: 0 }), { queue: 'narrow' });
      await at.submit(newTasks('later', 3, { priority: 9 }));
      const claimed = await (await at.runner()).claim(4);
      expect(claimed.map(({ ref }) => ref.taskId)).toEqual([
        'urgent0',
        'later0',
        'later1',
        'later2',
      ]);
    },
  },
];

/** Tasks here are named `p<priority>`. */
function priorityOf(claimed: ClaimedAttempt): number {
  return Number(claimed.ref.taskId.slice(1));
}

function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
