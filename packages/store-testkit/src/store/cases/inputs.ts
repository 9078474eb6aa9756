import type { JsonValue } from '@tasked/core';
import { expect } from 'vitest';
import { newTask } from '../../builders/new-task.ts';
import {
  asking,
  failed,
  retried,
  snoozed,
  stopped,
  succeeded,
} from '../../builders/settlements.ts';
import { expectRejection } from '../../expect-rejection.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** Tasks that ask for input and wait: without a slot, without a clock, until they are resumed. */
export const inputCases: readonly StoreCase[] = [
  {
    id: 'inputs.waiting',
    title: 'a task that asks waits without a slot, spends no attempt, and says what it asks for',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const { rev } = await at.flow(flowId);
      const { changed } = await runner.settle(
        asking(await runner.claimTask('a'), { name: { message: 'Who?' }, age: {} }),
      );
      expect(changed).toEqual([{ flowId, rev: rev + 2, ended: false }]);
      expect(await at.task(flowId, 'a')).toMatchObject({
        state: 'waiting',
        attempt: 0,
        fence: 1,
        availableAt: null,
        endedAt: null,
      });
      expect(await at.flow(flowId)).toMatchObject({
        state: 'running',
        counts: { waiting: 1, running: 0 },
        inputCount: 2,
      });
      expect(await at.slots()).toBe(0);
      expect(await at.store.listInputs(flowId)).toEqual([
        { taskId: 'a', key: 'name', request: { message: 'Who?' }, deadlineAt: null },
        { taskId: 'a', key: 'age', request: {}, deadlineAt: null },
      ]);
      const [attempt] = await at.store.listAttempts({ flowId, taskId: 'a' });
      expect(attempt).toMatchObject({ end: 'waiting', endedAt: at.now });
      expect(await runner.claim()).toEqual([]);
    },
  },
  {
    id: 'inputs.order',
    title:
      'inputs are listed by the index of the task, then as it asked; two tasks may use one key',
    async run(at) {
      const flowId = await at.submit([newTask('b'), newTask('a')]);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(asking(held('a'), { z: { ask: 1 }, b: { ask: 2 } }));
      await runner.settle(asking(held('b'), { z: { ask: 3 } }));
      const inputs = await at.store.listInputs(flowId);
      expect(inputs.map(({ taskId, key, request }) => [taskId, key, request])).toEqual([
        ['b', 'z', { ask: 3 }],
        ['a', 'z', { ask: 1 }],
        ['a', 'b', { ask: 2 }],
      ]);
      expect(await at.store.listInputs('f_nobody')).toEqual([]);
    },
  },
  {
    id: 'inputs.resume',
    title:
      'once all is answered the task is ready, and its next attempt has the answers and spent nothing',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(
        asking(await runner.claimTask('a'), { name: { ask: 1 }, constructor: { ask: 2 } }),
      );
      expect(await at.answer(flowId, { a: { constructor: ['x'], name: null } })).toEqual({
        accepted: [
          { taskId: 'a', key: 'constructor' },
          { taskId: 'a', key: 'name' },
        ],
        refused: [],
      });
      expect(await at.task(flowId, 'a')).toMatchObject({ state: 'ready', attempt: 0, fence: 1 });
      expect(await at.store.listInputs(flowId)).toEqual([]);
      expect(await runner.claimOne()).toMatchObject({
        attempt: 1,
        ref: { fence: 2 },
        resume: { answers: { name: null, constructor: ['x'] }, expired: [], saved: null },
      });
    },
  },
  {
    id: 'inputs.partial',
    title: 'what is not answered yet stays outstanding, and the task waits for it',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(
        asking(await runner.claimTask('a'), { x: { ask: 1 }, y: { ask: 2 }, z: { ask: 3 } }),
      );
      await at.answer(flowId, { a: { y: 'yes' } });
      const keys = async () => (await at.store.listInputs(flowId)).map(({ key }) => key);
      expect(await keys()).toEqual(['x', 'z']);
      expect((await at.task(flowId, 'a')).state).toBe('waiting');
      await at.answer(flowId, { a: { x: 1 } });
      expect(await keys()).toEqual(['z']);
      await at.answer(flowId, { a: { z: 2 } });
      expect((await runner.claimOne()).resume?.answers).toEqual({ x: 1, y: 'yes', z: 2 });
    },
  },
  {
    id: 'inputs.one-task-of-two',
    title: 'an answer reaches the task it names, not another that asks under the same key',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b')]);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(
        asking(held('a'), { ok: { ask: 1 } }),
        asking(held('b'), { ok: { ask: 1 } }),
      );
      await at.answer(flowId, { b: { ok: true } });
      expect(await at.states(flowId)).toEqual({ a: 'waiting', b: 'ready' });
    },
  },
  {
    id: 'inputs.asked-before',
    title:
      'a key is asked for once in the life of a task; with nothing new to ask it is ready at once',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(asking(await runner.claimTask('a'), { x: { ask: 'first' } }));
      await at.answer(flowId, { a: { x: 1 } });
      await runner.settle(
        asking(await runner.claimTask('a'), { x: { ask: 'again' }, y: { ask: 'new' } }),
      );
      expect(await at.store.listInputs(flowId)).toMatchObject([
        { key: 'y', request: { ask: 'new' } },
      ]);
      expect((await at.flow(flowId)).inputCount).toBe(2);
      await at.answer(flowId, { a: { y: 2 } });
      const settle = [
        asking(await runner.claimTask('a'), { x: { ask: 'again' }, y: { ask: 'again' } }),
      ];
      const { claimed } = await runner.tick({ settle, claim: room() });
      expect(claimed).toMatchObject([{ attempt: 1, resume: { answers: { x: 1, y: 2 } } }]);
      expect((await at.flow(flowId)).inputCount).toBe(2);
    },
  },
  {
    id: 'inputs.deadline',
    title:
      'a task whose deadline has come goes on without the rest, and what it asked for is closed',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      const deadlineAt = at.now + 500;
      const asked = await runner.settle(asking(ref, { x: { ask: 1 }, y: { ask: 2 } }, deadlineAt));
      expect(asked.lookAgainAt).toBe(deadlineAt);
      expect(await at.task(flowId, 'a')).toMatchObject({ availableAt: deadlineAt });
      expect(await at.store.listInputs(flowId)).toMatchObject([{ deadlineAt }, { deadlineAt }]);
      await at.answer(flowId, { a: { y: 'in time' } });
      at.now = deadlineAt - 1;
      expect(await runner.claim()).toEqual([]);
      at.now = deadlineAt;
      const { rev } = await at.flow(flowId);
      const due = await runner.tick();
      expect(due).toMatchObject({ changed: [{ flowId, rev: rev + 1 }], lookAgainAt: null });
      expect(await at.task(flowId, 'a')).toMatchObject({ state: 'ready', availableAt: null });
      expect(await at.store.listInputs(flowId)).toEqual([]);
      const { refused } = await at.answer(flowId, { a: { x: 'too late' } });
      expect(refused).toEqual([{ taskId: 'a', key: 'x', why: 'closed' }]);
      expect(await runner.claimOne()).toMatchObject({
        attempt: 1,
        resume: { answers: { y: 'in time' }, expired: ['x'] },
      });
    },
  },
  {
    id: 'inputs.expired-stays-closed',
    title: 'what nobody answered in time stays closed when the task asks for something else',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(asking(await runner.claimTask('a'), { x: { ask: 1 } }, at.now));
      await runner.settle(asking(await runner.claimTask('a'), { x: { ask: 1 }, y: { ask: 2 } }));
      expect(await at.store.listInputs(flowId)).toMatchObject([{ key: 'y' }]);
      const { refused } = await at.answer(flowId, { a: { x: 1, y: 2 } });
      expect(refused).toEqual([{ taskId: 'a', key: 'x', why: 'closed' }]);
      expect((await runner.claimOne()).resume).toMatchObject({ answers: { y: 2 }, expired: ['x'] });
    },
  },
  {
    id: 'inputs.answered-in-time',
    title: 'an answered deadline is no reason to look again, and never comes',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(asking(await runner.claimTask('a'), { x: { ask: 1 } }, at.now + 500));
      await at.answer(flowId, { a: { x: 1 } });
      expect(await at.task(flowId, 'a')).toMatchObject({ state: 'ready', availableAt: null });
      expect((await runner.tick()).lookAgainAt).toBeNull();
      const ref = await runner.claimTask('a');
      at.now += 500;
      await runner.tick();
      expect((await at.task(flowId, 'a')).state).toBe('running');
      await runner.succeed([ref]);
    },
  },
  {
    id: 'inputs.cancelled',
    title:
      'a cancel ends a waiting task at once: nobody has to stop, and nothing is asked any more',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b', { dependsOn: ['a'] })]);
      const runner = await at.runner();
      await runner.settle(asking(await runner.claimTask('a'), { x: { ask: 1 } }, at.now + 500));
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      expect(await at.states(flowId)).toEqual({ a: 'cancelled', b: 'cancelled' });
      expect((await at.task(flowId, 'a')).availableAt).toBeNull();
      expect(await runner.tick()).toMatchObject({ stop: [], lookAgainAt: null });
      expect(await at.store.listInputs(flowId)).toEqual([]);
      const { accepted, refused } = await at.answer(flowId, { a: { x: 1 } });
      expect({ accepted, refused }).toEqual({
        accepted: [],
        refused: [{ taskId: 'a', key: 'x', why: 'closed' }],
      });
    },
  },
  {
    id: 'inputs.cancelled-before',
    title: 'a task that was cancelled while it ran asks for nothing',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const { rejected } = await runner.tick({ settle: [asking(ref, { x: { ask: 1 } })] });
      expect(rejected).toEqual([ref]);
      expect(await at.flow(flowId)).toMatchObject({ state: 'cancelled', inputCount: 0 });
      expect(await at.slots()).toBe(0);
    },
  },
  {
    id: 'inputs.fail-fast',
    title: 'a failure that ends its flow at once ends what waits there, too',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b')], { failFast: true });
      const runner = await at.runner();
      const held = await runner.hold();
      const asks = asking(held('a'), { x: { ask: 1 } }, at.now + 500);
      const { lookAgainAt } = await runner.settle(asks, failed(held('b')));
      expect(lookAgainAt).toBeNull();
      expect(await at.states(flowId)).toEqual({ a: 'cancelled', b: 'failed' });
      expect(await at.store.listInputs(flowId)).toEqual([]);
    },
  },
  {
    id: 'inputs.kept',
    title: 'answers stay with the task over retries, snoozes and lost runners',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(asking(await runner.claimTask('a'), { x: { ask: 1 } }));
      await at.answer(flowId, { a: { x: 'kept' } });
      const next = async () => {
        const { ref, resume } = await runner.claimOne();
        expect(resume?.answers).toEqual({ x: 'kept' });
        return ref;
      };
      await runner.settle(snoozed(await next(), at.now));
      await runner.settle(retried(await next(), at.now));
      const heir = await at.runner();
      const lost = await next();
      const take = { dead: runner.id, by: heir.id, limit: 5, now: at.now };
      const [taken] = await at.store.takeOver(take);
      expect(taken?.lostFence).toBe(lost.fence);
      if (taken !== undefined) await heir.settle(retried(taken.ref, at.now));
      const again = await heir.claimOne();
      expect(again).toMatchObject({ resume: { answers: { x: 'kept' } } });
      await heir.settle(succeeded(again.ref));
    },
  },
  {
    id: 'inputs.stale',
    title: 'an attempt that does not count asks for nothing',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      await runner.settle(snoozed(ref, at.now));
      const current = await runner.claimTask('a');
      const late = [asking(ref, { x: { ask: 1 } })];
      expect((await runner.tick({ settle: late })).rejected).toEqual([ref]);
      const { rejected } = await runner.tick({ settle: [succeeded(current), ...late] });
      expect(rejected).toEqual([ref]);
      expect(await at.flow(flowId)).toMatchObject({ state: 'succeeded', inputCount: 0 });
    },
  },
  {
    id: 'inputs.not-json',
    title: 'a request that is no JSON is refused, and nothing of its tick is done',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b')]);
      const runner = await at.runner();
      const held = await runner.hold();
      const before = await at.tasks(flowId);
      const settle = [
        succeeded(held('a')),
        asking(held('b'), { x: { ask: 10n as unknown as JsonValue } }),
      ];
      await expectRejection(runner.advance({ settle }), 'invalid_input');
      expect(await at.tasks(flowId)).toEqual(before);
    },
  },
  {
    id: 'inputs.stopped-slot',
    title: 'a limited queue hands out the next task while one waits',
    async run(at) {
      await at.queue('narrow', { concurrency: 1 });
      const flowId = await at.submit([newTask('a'), newTask('b')], { queue: 'narrow' });
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      const { claimed } = await runner.tick({
        settle: [asking(ref, { x: { ask: 1 } })],
        claim: room(),
      });
      expect(claimed.map((one) => one.ref.taskId)).toEqual(['b']);
      await at.answer(flowId, { a: { x: 1 } });
      expect(await runner.claim()).toEqual([]);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      await runner.settle(...claimed.map((one) => stopped(one.ref)));
      expect(await at.slots('narrow')).toBe(0);
    },
  },
];
