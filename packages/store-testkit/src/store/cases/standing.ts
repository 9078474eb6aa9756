import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { stopped, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import { room, type TestRunner } from '../test-runner.ts';

/** Claims that stand between two ticks: whether a store gives anything to them is its own business. */
export const standingCases: readonly StoreCase[] = [
  {
    id: 'standing.given',
    title: 'what a flow begins with comes with the next tick of whoever waits for it, once',
    async run(at) {
      const [runner, other] = await twoRunners(at);
      await stand(runner, 5);
      at.now += 10;
      const flowId = await at.submit(
        [
          newTask('second', {
            priority: 2,
            config: { command: 'make' },
            input: [1],
            timeoutMs: 50,
          }),
          newTask('first', { priority: 1, retry: { retries: 2, backoffMs: 5, maxBackoffMs: 50 } }),
          newTask('last', { dependsOn: ['first', 'second'] }),
        ],
        { owner: 'ann' },
      );
      expect(await at.states(flowId)).toMatchObject({ last: 'blocked' });
      const { claimed } = await runner.tick({ claim: standing(5) });
      const common = { attempt: 1, owner: 'ann', queue: 'default', executor: 'noop', needs: [] };
      expect(claimed).toEqual([
        {
          ...common,
          ref: { flowId, taskId: 'first', fence: 1 },
          config: {},
          input: null,
          retry: { retries: 2, backoffMs: 5, maxBackoffMs: 50 },
          timeoutMs: null,
          resume: null,
        },
        {
          ...common,
          ref: { flowId, taskId: 'second', fence: 1 },
          config: { command: 'make' },
          input: [1],
          retry: newTask('second').retry,
          timeoutMs: 50,
          resume: null,
        },
      ]);
      expect(await other.claim()).toEqual([]);
      expect(await runner.claim(3)).toEqual([]);
      const running = { state: 'running', attempt: 1, fence: 1, startedAt: at.now, rev: 2 };
      expect(await at.task(flowId, 'first')).toMatchObject(running);
      expect(await at.task(flowId, 'second')).toMatchObject(running);
      expect(await at.flow(flowId, 'ann')).toMatchObject({
        rev: 2,
        counts: { blocked: 1, ready: 0, running: 2 },
      });
      const changes = await at.store.changesSince(flowId, 1);
      expect(changes?.tasks.map(({ id }) => id)).toEqual(['second', 'first']);
      await runner.succeed(claimed.map(({ ref }) => ref));
      expect(await other.runAll()).toEqual(['last']);
      expect(await at.flow(flowId, 'ann')).toMatchObject({ state: 'succeeded' });
    },
  },
  {
    id: 'standing.limit',
    title: 'a standing claim is for what the tick before it left of it, however many flows come',
    async run(at) {
      const [runner, other] = await twoRunners(at);
      await at.submit(newTasks('early', 1));
      expect(await runner.claim(4, { standing: true })).toHaveLength(1);
      for (const name of ['a', 'b', 'c']) await at.submit(newTasks(name, 2));
      const { claimed: first, more } = await runner.tick({ claim: standing(3) });
      expect(more).toBe(true);
      const own = [...first, ...(await runner.claim(3 - first.length, { standing: true }))];
      expect(own).toHaveLength(3);
      const others = await other.claim();
      const ids = [...own, ...others].map(({ ref }) => ref.taskId).sort();
      expect(ids).toEqual(['a0', 'a1', 'b0', 'b1', 'c0', 'c1']);
    },
  },
  {
    id: 'standing.able',
    title: 'a standing claim gets what the runner can run, of the queues that it serves',
    async run(at) {
      const [runner, other] = await twoRunners(at);
      const claim = { standing: true, queues: ['ours'] };
      await runner.claim(10, claim);
      await at.submit([newTask('theirs')], { queue: 'theirs' });
      await at.submit([newTask('shell', { executor: 'shell' })], { queue: 'ours' });
      expect(await runner.claim(10, claim)).toEqual([]);
      await at.submit([newTask('ours')], { queue: 'ours' });
      const claimed = await runner.claim(10, claim);
      expect(claimed.map(({ ref }) => ref.taskId)).toEqual(['ours']);
      expect(await other.claim(10, { executors: ['noop', 'shell'] })).toHaveLength(2);
    },
  },
  {
    id: 'standing.slots',
    title: 'a queue that is full or paused gives nothing to a standing claim',
    async run(at) {
      const [runner] = await twoRunners(at);
      await at.queue('narrow', { concurrency: 1 });
      await at.queue('paused');
      await at.store.setQueuePaused('paused', true);
      await stand(runner, 10);
      for (const id of ['a', 'b']) await at.submit([newTask(id)], { queue: 'narrow' });
      await at.submit([newTask('c')], { queue: 'paused' });
      const claimed = await runner.claim(10, { standing: true });
      expect(claimed.map(({ ref }) => ref.taskId)).toEqual(['a']);
      expect(await at.slots('narrow')).toBe(1);
      await runner.succeed(claimed.map(({ ref }) => ref));
      expect(await runner.runAll()).toEqual(['b']);
      expect(await at.slots('narrow')).toBe(0);
    },
  },
  {
    id: 'standing.in-turn',
    title: 'what was ready before is not passed over',
    async run(at) {
      const [runner] = await twoRunners(at);
      await stand(runner, 1);
      await at.submit(newTasks('early', 2));
      await at.submit([newTask('late')]);
      const claimed = await runner.claim(1, { standing: true });
      expect(claimed.map(({ ref }) => ref.taskId)).toEqual(['early0']);
    },
  },
  {
    id: 'standing.given-back',
    title: 'a tick that claims nothing leaves it to others, with every attempt',
    async run(at) {
      const [runner, other] = await twoRunners(at);
      await stand(runner, 5);
      const flowId = await at.submit([newTask('a')]);
      await runner.tick();
      const [claimed] = await other.claim();
      expect(claimed).toMatchObject({ ref: { flowId, taskId: 'a' }, attempt: 1 });
      await at.submit([newTask('b')]);
      expect(await runner.claim(5)).toHaveLength(1);
    },
  },
  {
    id: 'standing.left',
    title: 'a runner that leaves leaves it to others, with every attempt',
    async run(at) {
      const [runner, other] = await twoRunners(at);
      await stand(runner, 5);
      const flowId = await at.submit([newTask('a')]);
      await at.store.unregisterRunner(runner.id);
      const [claimed] = await other.claim();
      expect(claimed).toMatchObject({ ref: { flowId, taskId: 'a' }, attempt: 1 });
      expect(await at.store.lostRunners(other.id)).toEqual([]);
      await at.submit([newTask('b')]);
      expect(await runner.advance({ claim: room() })).toEqual({ runner: 'lost' });
      expect(await other.claim()).toHaveLength(1);
    },
  },
  {
    id: 'standing.cancelled',
    title: 'what is cancelled before the next tick has to stop, or never begins',
    async run(at) {
      const [runner] = await twoRunners(at);
      await stand(runner, 5);
      const flowId = await at.submit([newTask('a')]);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const refs = (await runner.claim(5, { standing: true })).map(({ ref }) => ref);
      const { stop } = await runner.tick({ claim: standing(5) });
      expect(stop).toEqual(refs);
      await runner.settle(...refs.map((ref) => stopped(ref)));
      expect(await at.flow(flowId)).toMatchObject({ state: 'cancelled', counts: { cancelled: 1 } });
      expect((await at.store.listRunners()).map(({ attempts }) => attempts)).toEqual([0, 0]);
    },
  },
  {
    id: 'standing.settled',
    title: 'a tick settles what was claimed before, and brings what was given since',
    async run(at) {
      const [runner, other] = await twoRunners(at);
      await at.submit([newTask('early')]);
      const early = await runner.claim(2, { standing: true });
      const flowId = await at.submit([newTask('late')]);
      const settle = early.map(({ ref }) => succeeded(ref));
      const { claimed, rejected } = await runner.tick({ settle, claim: standing(2) });
      expect(claimed.map(({ ref }) => ref)).toEqual([{ flowId, taskId: 'late', fence: 1 }]);
      expect(rejected).toEqual([]);
      expect(await other.claim()).toEqual([]);
    },
  },
];

async function twoRunners(at: { runners(count: number): Promise<readonly TestRunner[]> }) {
  return (await at.runners(2)) as readonly [TestRunner, TestRunner];
}

/** Ticks, and nothing is there to claim: the claim stands. */
async function stand(runner: TestRunner, limit: number): Promise<void> {
  expect((await runner.tick({ claim: standing(limit) })).claimed).toEqual([]);
}

function standing(limit: number) {
  return room(limit, { standing: true });
}
