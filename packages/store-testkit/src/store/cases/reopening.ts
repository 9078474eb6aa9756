import { expect } from 'vitest';
import { newFlow } from '../../builders/new-flow.ts';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { asking, failed, retried, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** What a store keeps over its own end. */
export const reopeningCases: readonly StoreCase[] = [
  {
    id: 'reopening.records',
    title: 'flows, tasks, attempts, outputs and queues are as they were before the close',
    needs: 'reopen',
    async run(at) {
      await at.queue('narrow', { concurrency: 2, defaults: { retries: 5, timeoutMs: 9 } });
      const flowId = await at.submit(
        [
          newTask('done'),
          newTask('broken'),
          newTask('put-off'),
          newTask('skipped', { dependsOn: ['broken'] }),
          newTask('ready', { executor: 'shell' }),
          newTask('held', { holds: 1 }),
        ],
        { owner: 'ann' },
      );
      await at.store.setQueuePaused('narrow', true);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(
        succeeded(held('done'), { made: '😀' }),
        failed(held('broken'), 'partial'),
        retried(held('put-off'), at.now + 500),
      );
      const refs = ['done', 'broken', 'put-off'].map((taskId) => ({ flowId, taskId }));
      const read = async (bench: typeof at) => ({
        flow: await bench.flow(flowId, 'ann'),
        tasks: await bench.tasks(flowId),
        attempts: await Promise.all(refs.map((ref) => bench.store.listAttempts(ref))),
        outputs: await bench.store.readOutputs(refs, 1_000),
        previews: await bench.store.previewOutputs(refs, 1_000),
        changes: await bench.store.changesSince(flowId, 2),
        queues: [await bench.store.getQueue('narrow'), await bench.store.getQueue('default')],
      });
      const before = await read(at);
      expect(await read(await at.reopen())).toEqual(before);
    },
  },
  {
    id: 'reopening.goes-on',
    title: 'work goes on after a reopen: what was ready, delayed, held or blocked has its turn',
    needs: 'reopen',
    async run(at) {
      const flowId = await at.submit([
        newTask('done'),
        newTask('put-off'),
        newTask('ready', { executor: 'shell' }),
        newTask('held', { holds: 1 }),
        newTask('join', { dependsOn: ['done', 'put-off', 'ready', 'held'] }),
      ]);
      const first = await at.runner();
      const held = await first.hold();
      await first.settle(succeeded(held('done')), retried(held('put-off'), at.now + 500));
      await at.store.unregisterRunner(first.id);
      const again = await at.reopen();
      again.now += 500;
      const runner = await again.runner();
      await again.store.removeHold({ flowId, taskIds: ['held'], now: again.now });
      const executors = ['noop', 'shell'];
      const { claimed } = await runner.tick({ claim: room(10, { executors }) });
      expect(claimed.map(({ ref, attempt }) => [ref.taskId, ref.fence, attempt]).sort()).toEqual([
        ['held', 1, 1],
        ['put-off', 2, 2],
        ['ready', 1, 1],
      ]);
      await runner.succeed(claimed.map(({ ref }) => ref));
      await runner.succeed([await runner.claimTask('join')]);
      expect((await again.flow(flowId)).state).toBe('succeeded');
    },
  },
  {
    id: 'reopening.inputs',
    title: 'what is asked, answered and saved is as it was before the close',
    needs: 'reopen',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const before = await at.runner();
      const ref = await before.claimTask('a');
      await at.store.report(ref, { saved: { chunk: 6 } });
      await before.settle(asking(ref, { x: { ask: 'x?' }, y: { ask: 'y?' } }, at.now + 500));
      await at.answer(flowId, { a: { y: 'yes' } });
      const asked = await at.store.listInputs(flowId);
      const again = await at.reopen();
      expect(await again.store.listInputs(flowId)).toEqual(asked);
      const { refused } = await again.answer(flowId, { a: { y: 'no', x: 'yes' } });
      expect(refused).toMatchObject([{ key: 'y', why: 'answered' }]);
      const runner = await again.runner();
      expect((await runner.claimOne()).resume).toEqual({
        answers: { x: 'yes', y: 'yes' },
        expired: [],
        saved: { chunk: 6 },
      });
    },
  },
  {
    id: 'reopening.idempotency',
    title: 'an idempotency key is still taken after a reopen',
    needs: 'reopen',
    async run(at) {
      const idempotency = { key: 'k', specHash: 'h' };
      const flowId = await at.submit([newTask('a')], { idempotency });
      const again = await at.reopen();
      const created = await again.store.createFlow(newFlow({ idempotency }));
      expect(created).toEqual({ kind: 'existing', flowId });
    },
  },
  {
    id: 'reopening.lost-runners',
    title: 'runners that a closed store left behind are dead, and what they held can be taken over',
    needs: 'reopen',
    async run(at) {
      await at.queue('default', { concurrency: 2 });
      const flowId = await at.submit(newTasks('t', 3));
      const before = await at.runner();
      await before.claim();
      const again = await at.reopen();
      expect(await again.slots()).toBe(2);
      const by = await again.runner();
      expect(await by.claim()).toEqual([]);
      expect(await again.store.lostRunners(by.id)).toEqual([before.id]);
      const take = { dead: before.id, by: by.id, limit: 10, now: again.now };
      const taken = await again.store.takeOver(take);
      expect(taken.map(({ ref }) => ref.fence)).toEqual([2, 2]);
      await by.succeed(taken.map(({ ref }) => ref));
      expect(await again.store.lostRunners(by.id)).toEqual([]);
      await by.succeed([await by.claimTask('t2')]);
      expect((await again.flow(flowId)).state).toBe('succeeded');
    },
  },
  {
    id: 'reopening.repeatedly',
    title: 'data survives any number of closes',
    needs: 'reopen',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 5));
      let bench = at;
      for (let round = 0; round < 5; round++) {
        bench = await bench.reopen();
        const runner = await bench.runner();
        await runner.succeed([await runner.claimTask(`t${round}`)], round);
        await bench.store.unregisterRunner(runner.id);
      }
      expect((await bench.flow(flowId)).state).toBe('succeeded');
      const refs = newTasks('t', 5).map(({ id }) => ({ flowId, taskId: id }));
      expect(await bench.store.readOutputs(refs, 1_000)).toEqual(
        [0, 1, 2, 3, 4].map((value) => ({ kind: 'output', value })),
      );
    },
  },
];
