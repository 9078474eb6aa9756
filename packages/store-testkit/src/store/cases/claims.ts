import { type FlowTaskId, MAX_TICK } from '@tasked/core';
import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { failed, retried, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** Handing out work: what is claimed, by whom, and how much of it. */
export const claimCases: readonly StoreCase[] = [
  {
    id: 'claims.record',
    title: 'a claim carries what was submitted, and its task runs',
    async run(at) {
      const flowId = await at.submit(
        [
          newTask('a'),
          newTask('b', {
            config: { command: 'make' },
            input: { deep: [1] },
            dependsOn: ['a'],
            needs: ['a'],
            retry: { retries: 2, backoffMs: 5, maxBackoffMs: 50 },
            timeoutMs: 1_500,
          }),
        ],
        { owner: 'ann', queue: 'builds' },
      );
      const runner = await at.runner();
      await runner.succeed([await runner.claimTask('a')]);
      at.now += 10;
      const { claimed } = await runner.tick({ claim: room() });
      expect(claimed).toEqual([
        {
          ref: { flowId, taskId: 'b', fence: 1 },
          attempt: 1,
          owner: 'ann',
          queue: 'builds',
          executor: 'noop',
          config: { command: 'make' },
          input: { deep: [1] },
          needs: ['a'],
          retry: { retries: 2, backoffMs: 5, maxBackoffMs: 50 },
          timeoutMs: 1_500,
          resume: null,
        },
      ]);
      expect(await at.task(flowId, 'b')).toMatchObject({
        state: 'running',
        attempt: 1,
        fence: 1,
        startedAt: at.now,
        endedAt: null,
      });
      expect((await at.flow(flowId, 'ann')).counts).toMatchObject({ running: 1, succeeded: 1 });
    },
  },
  {
    id: 'claims.exactly-once',
    title: 'many racers claim every task exactly once',
    async run(at) {
      const flows = [await at.submit(newTasks('a', 200)), await at.submit(newTasks('b', 200))];
      const runners = await at.runners(20);
      const claimed: string[] = [];
      for (let round = 0; round < 25 && claimed.length < 400; round++) {
        const hands = await Promise.all(runners.map((runner) => runner.claim(7)));
        claimed.push(...hands.flat().map(({ ref }) => `${ref.flowId} ${ref.taskId} ${ref.fence}`));
      }
      expect(claimed).toHaveLength(400);
      expect(new Set(claimed).size).toBe(400);
      for (const flowId of flows) expect((await at.flow(flowId)).counts.running).toBe(200);
    },
  },
  {
    id: 'claims.only-ready',
    title: 'only ready tasks are claimed: none that is blocked, delayed, running or ended',
    async run(at) {
      const flowId = await at.submit([
        newTask('ends'),
        newTask('fails'),
        newTask('delayed'),
        newTask('runs'),
        newTask('blocked', { dependsOn: ['runs'] }),
        newTask('held', { holds: 1 }),
        newTask('skipped', { dependsOn: ['fails'] }),
        newTask('next', { dependsOn: ['ends'] }),
      ]);
      const runner = await at.runner();
      const held = await runner.hold();
      const result = await runner.tick({
        settle: [
          succeeded(held('ends')),
          failed(held('fails')),
          retried(held('delayed'), at.now + 1),
        ],
        claim: room(),
      });
      expect(result.claimed.map(({ ref }) => ref.taskId)).toEqual(['next']);
      expect(await at.states(flowId)).toEqual({
        ends: 'succeeded',
        fails: 'failed',
        delayed: 'delayed',
        runs: 'running',
        blocked: 'blocked',
        held: 'blocked',
        skipped: 'skipped',
        next: 'running',
      });
    },
  },
  {
    id: 'claims.executors',
    title: 'a runner gets only what it can run',
    async run(at) {
      const executors = ['shell', 'http', 'noop', 'shell', 'http'];
      await at.submit(
        executors.map((executor, index) => newTask(`${executor}-${index}`, { executor })),
      );
      const runner = await at.runner();
      const names = async (can: readonly string[]): Promise<readonly FlowTaskId[]> =>
        (await runner.claim(10, { executors: can })).map(({ ref }) => ref.taskId);
      expect(await names([])).toEqual([]);
      expect(await names(['shel', 'shell2'])).toEqual([]);
      expect([...(await names(['shell']))].sort()).toEqual(['shell-0', 'shell-3']);
      expect([...(await names(['noop', 'http', 'shell']))].sort()).toEqual([
        'http-1',
        'http-4',
        'noop-2',
      ]);
    },
  },
  {
    id: 'claims.queues',
    title: 'a runner gets only tasks of the queues it names, or of all when it names none',
    async run(at) {
      for (const queue of ['red', 'green', 'blue']) {
        await at.submit(newTasks(`${queue}-`, 2), { queue });
      }
      const runner = await at.runner();
      const names = async (queues?: readonly string[]): Promise<readonly FlowTaskId[]> => {
        const claimed = await runner.claim(2, queues === undefined ? {} : { queues });
        return claimed.map(({ ref }) => ref.taskId);
      };
      expect(await names([])).toEqual([]);
      expect(await names(['no-such-queue'])).toEqual([]);
      expect(await names(['green'])).toEqual(['green-0', 'green-1']);
      expect(await names(['green'])).toEqual([]);
      expect(await names(['blue', 'green'])).toEqual(['blue-0', 'blue-1']);
      expect(await names()).toEqual(['red-0', 'red-1']);
    },
  },
  {
    id: 'claims.limit',
    title: 'no tick hands out more than its limit, and none without a claim',
    async run(at) {
      await at.submit(newTasks('t', 10));
      const runner = await at.runner();
      expect((await runner.tick()).claimed).toEqual([]);
      expect(await runner.claim(0)).toEqual([]);
      expect(await runner.claim(1)).toHaveLength(1);
      expect(await runner.claim(4)).toHaveLength(4);
      expect(await runner.claim(6)).toHaveLength(5);
    },
  },
  {
    id: 'claims.full-tick',
    title: 'one tick hands out as many tasks as a tick may carry',
    async run(at) {
      await at.submit(newTasks('t', MAX_TICK + 1));
      const runner = await at.runner();
      const result = await runner.tick({ claim: room(MAX_TICK) });
      expect(result.claimed).toHaveLength(MAX_TICK);
      expect(result.more).toBe(true);
    },
  },
  {
    id: 'claims.more',
    title: '`more` is true exactly when the limit alone kept something back',
    async run(at) {
      await at.queue('narrow', { concurrency: 2 });
      await at.submit(newTasks('t', 3));
      await at.submit(newTasks('n', 5), { queue: 'narrow' });
      await at.submit([newTask('s', { executor: 'shell' })]);
      const runner = await at.runner();
      const more = async (limit: number, queue: string): Promise<boolean> =>
        (await runner.tick({ claim: room(limit, { queues: [queue] }) })).more;
      expect((await runner.tick()).more).toBe(false);
      expect(await more(1, 'default')).toBe(true);
      expect(await more(2, 'default')).toBe(false);
      expect(await more(5, 'default')).toBe(false);
      expect(await more(1, 'narrow')).toBe(true);
      expect(await more(1, 'narrow')).toBe(false);
      expect(await more(1, 'narrow')).toBe(false);
      await at.store.setQueuePaused('narrow', true);
      expect(await more(1, 'narrow')).toBe(false);
    },
  },
];
