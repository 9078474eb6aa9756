import { type FlowId, MAX_TICK } from '@tasked/core';
import { expect } from 'vitest';
import { newFlow } from '../../builders/new-flow.ts';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { failed, retried, stopped, succeeded } from '../../builders/settlements.ts';
import { pruneAll } from '../prune-all.ts';
import type { StoreCase } from '../store-case.ts';
import { seesNothingOf, seesWhole } from '../whole-or-gone.ts';
import type { Workbench } from '../workbench.ts';

const DAY_MS = 86_400_000;

/** What has ended is forgotten in time: as a whole, in small steps, and never what is still in use. */
export const pruneCases: readonly StoreCase[] = [
  {
    id: 'prune.retention',
    title: 'a flow is kept until its retention after its end is over, to the millisecond',
    async run(at) {
      const flowId = await ended(at);
      at.now += DAY_MS - 1;
      expect(await pruneAll(at)).toEqual([]);
      await seesWhole(at, flowId);
      at.now += 1;
      expect(await pruneAll(at)).toEqual([flowId]);
      expect(await pruneAll(at)).toEqual([]);
    },
  },
  {
    id: 'prune.whole',
    title: 'a flow goes with its tasks, attempts and outputs, and its neighbours stay',
    async run(at) {
      const before = await ended(at);
      at.now += 1;
      const flowId = await ended(at);
      at.now += DAY_MS - 1;
      const after = await ended(at);
      expect(await pruneAll(at)).toEqual([before]);
      await seesNothingOf(at, before);
      await seesWhole(at, flowId);
      await seesWhole(at, after);
      const listed = await at.store.listFlows({ owner: '', limit: 10 });
      expect(listed.map(({ id }) => id)).toEqual([after, flowId]);
    },
  },
  {
    id: 'prune.ttl',
    title:
      'the longer of the flow’s own ttl and the retention counts; the ttl is counted from its creation',
    async run(at) {
      const long = await at.submit([], { ttlMs: 3 * DAY_MS });
      const short = await at.submit([], { ttlMs: 1_000 });
      const none = await at.submit([]);
      expect((await at.flow(long)).ttlMs).toBe(3 * DAY_MS);
      expect((await at.flow(none)).ttlMs).toBeNull();
      at.now += DAY_MS;
      expect((await pruneAll(at)).toSorted()).toEqual([none, short].toSorted());
      at.now += 2 * DAY_MS - 1;
      expect(await pruneAll(at)).toEqual([]);
      at.now += 1;
      expect(await pruneAll(at)).toEqual([long]);
    },
  },
  {
    id: 'prune.live',
    title: 'a flow that has not ended is never forgotten, however old it is',
    async run(at) {
      const ready = await at.submit([newTask('a'), newTask('b', { dependsOn: ['a'] })]);
      const held = await at.submit([newTask('a', { holds: 1 })], { ttlMs: 1 });
      const delayed = await at.submit([newTask('late', { executor: 'late' })]);
      const runner = await at.runner();
      const { ref } = await runner.claimOne({ executors: ['late'] });
      await runner.settle(retried(ref, at.now + 1_000 * DAY_MS));
      at.now += 999 * DAY_MS;
      expect(await pruneAll(at, { retentionMs: 0 })).toEqual([]);
      expect(await at.states(ready)).toEqual({ a: 'ready', b: 'blocked' });
      expect(await at.states(held)).toEqual({ a: 'blocked' });
      expect(await at.states(delayed)).toEqual({ late: 'delayed' });
    },
  },
  {
    id: 'prune.slots',
    title: 'a cancelled flow stays until none of its tasks takes a slot any more',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 3));
      const runner = await at.runner();
      const held = await runner.claim(2);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      at.now += DAY_MS;
      expect(await pruneAll(at)).toEqual([]);
      const [first, second] = held.map(({ ref }) => ref);
      if (first === undefined || second === undefined) expect.fail('two tasks were to be claimed');
      await runner.settle(stopped(first));
      expect(await pruneAll(at)).toEqual([]);
      expect(await at.slots()).toBe(1);
      await runner.settle(stopped(second));
      expect(await pruneAll(at)).toEqual([flowId]);
      expect(await at.slots()).toBe(0);
    },
  },
  {
    id: 'prune.slots-of-the-dead',
    title: 'nor is a flow forgotten whose task a dead runner left behind, or another took over',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b')], { failFast: true });
      const [dead, heir] = await at.runners(2);
      if (dead === undefined || heir === undefined)
        expect.fail('two runners were to be registered');
      const attempt = await dead.hold();
      await dead.settle(failed(attempt('a')));
      expect((await at.flow(flowId)).state).toBe('failed');
      await at.store.unregisterRunner(dead.id);
      expect(await pruneAll(at, { retentionMs: 0 })).toEqual([]);
      const take = { dead: dead.id, by: heir.id, limit: MAX_TICK, now: at.now };
      const taken = await at.store.takeOver(take);
      expect(await pruneAll(at, { retentionMs: 0 })).toEqual([]);
      await heir.settle(...taken.map(({ ref }) => stopped(ref)));
      expect(await pruneAll(at, { retentionMs: 0 })).toEqual([flowId]);
    },
  },
  {
    id: 'prune.limit',
    title:
      'a call takes no more flows than its limit, those that ended first first, and says that there are more',
    async run(at) {
      const ids: FlowId[] = [];
      for (let count = 0; count < 10; count++) {
        ids.push(await ended(at));
        at.now += 1;
      }
      at.now += DAY_MS;
      let left: readonly FlowId[] = ids;
      for (let calls = 0; left.length > 0; calls++) {
        expect(calls).toBeLessThan(100);
        const { more } = await prune(at, 4);
        const seen = (await at.store.listFlows({ owner: '', limit: 100 })).map(({ id }) => id);
        expect(left.length - seen.length).toBeLessThanOrEqual(4);
        expect(seen.toReversed()).toEqual(ids.slice(ids.length - seen.length));
        if (seen.length > 0) expect(more).toBe(true);
        left = seen;
      }
      await pruneAll(at);
      expect(await prune(at, 4)).toEqual({ flowIds: [], more: false });
    },
  },
  {
    id: 'prune.large',
    title: 'of a flow of 2,000 tasks, which may take many calls, nobody ever sees a half',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 2_000));
      const runner = await at.runner();
      for (;;) {
        const claimed = await runner.claim();
        if (claimed.length === 0) break;
        await runner.succeed(claimed.map(({ ref }) => ref));
      }
      at.now += DAY_MS;
      for (let more = true; more; ) {
        ({ more } = await prune(at, 100));
        const tasks = await at.tasks(flowId);
        const flow = await at.store.getFlow(flowId, '');
        expect(tasks).toHaveLength(flow === null ? 0 : 2_000);
      }
      await seesNothingOf(at, flowId);
    },
  },
  {
    id: 'prune.many-attempts',
    title: 'a task with far more attempts than the limit goes too',
    async run(at) {
      const retry = { retries: 50, backoffMs: 0, maxBackoffMs: 0 };
      const flowId = await at.submit([newTask('a', { retry })]);
      const runner = await at.runner();
      for (let count = 0; count < 40; count++) {
        await runner.settle(retried(await runner.claimTask('a'), at.now));
      }
      await runner.succeed([await runner.claimTask('a')]);
      at.now += DAY_MS;
      expect(await pruneAll(at, { limit: 3 })).toEqual([flowId]);
      await seesNothingOf(at, flowId);
    },
  },
  {
    id: 'prune.keys',
    title:
      'the id and the idempotency key of a forgotten flow are free, and what takes them is new',
    async run(at) {
      const idempotency = { key: 'k', specHash: 'h' };
      const flowId = await ended(at, { idempotency });
      at.now += DAY_MS;
      // One call alone, so that a store may still have rows of the old flow.
      expect((await prune(at, 1)).flowIds).toEqual([flowId]);
      const other = { key: 'k', specHash: 'other' };
      const again = newFlow({ id: flowId, idempotency: other, tasks: [newTask('a')] });
      expect(await at.store.createFlow(again)).toEqual({ kind: 'created', flowId });
      const ref = { flowId, taskId: 'a' };
      expect(await at.states(flowId)).toEqual({ a: 'ready' });
      expect(await at.store.listAttempts(ref)).toEqual([]);
      expect(await at.store.readOutputs([ref], 100)).toEqual([{ kind: 'none' }]);
      await pruneAll(at);
      expect(await at.states(flowId)).toEqual({ a: 'ready' });
      const runner = await at.runner();
      await runner.succeed([await runner.claimTask('a')], 'new');
      expect(await at.store.readOutputs([ref], 100)).toEqual([{ kind: 'output', value: 'new' }]);
    },
  },
  {
    id: 'prune.late',
    title: 'a result that comes for a flow which is gone is rejected',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const attempt = await runner.claimTask('a');
      await runner.succeed([attempt]);
      at.now += DAY_MS;
      expect(await pruneAll(at)).toEqual([flowId]);
      const { rejected, changed } = await runner.tick({ settle: [succeeded(attempt)] });
      expect({ rejected, changed }).toEqual({ rejected: [attempt], changed: [] });
      const cancel = { flowId, owner: '', now: at.now };
      expect(await at.store.cancelFlow(cancel)).toBeNull();
      const hold = { flowId, taskIds: ['a'], now: at.now };
      expect(await at.store.addHold(hold)).toEqual([]);
    },
  },
  {
    id: 'prune.racers',
    title: 'of many that prune at once each flow goes for good, and work goes on meanwhile',
    async run(at) {
      const over: FlowId[] = [];
      for (let count = 0; count < 20; count++) over.push(await ended(at));
      at.now += DAY_MS;
      const live = await at.submit(newTasks('t', 50));
      const runner = await at.runner();
      const [named] = await Promise.all([
        Promise.all(Array.from({ length: 5 }, () => pruneAll(at, { limit: 3 }))),
        runner.runAll(5),
      ]);
      expect([...new Set(named.flat())].toSorted()).toEqual(over.toSorted());
      for (const flowId of over) await seesNothingOf(at, flowId);
      expect((await at.flow(live)).counts.succeeded).toBe(50);
    },
  },
];

/** A flow whose two tasks have run, one of them twice. */
async function ended(at: Workbench, fields: Parameters<Workbench['submit']>[1] = {}) {
  const flowId = await at.submit([newTask('a'), newTask('b', { dependsOn: ['a'] })], fields);
  const runner = await at.runner();
  await runner.settle(retried(await runner.claimTask('a'), at.now));
  await runner.succeed([await runner.claimTask('a')], 'out');
  await runner.succeed([await runner.claimTask('b')], 'out');
  await at.store.unregisterRunner(runner.id);
  return flowId;
}

async function prune(at: Workbench, limit: number) {
  return at.store.pruneFlows({ now: at.now, retentionMs: DAY_MS, limit });
}
