import type { AttemptRef, JsonValue, Settlement } from '@tasked/core';
import { expect } from 'vitest';
import { newTask } from '../../builders/new-task.ts';
import {
  asking,
  failed,
  released,
  retried,
  snoozed,
  succeeded,
} from '../../builders/settlements.ts';
import { expectRejection } from '../../expect-rejection.ts';
import { hearHints } from '../hear-hints.ts';
import type { StoreCase } from '../store-case.ts';

/** What a running attempt says: how far it is, and what is to be kept for the next one. */
export const reportCases: readonly StoreCase[] = [
  {
    id: 'reports.saved',
    title: 'every later attempt gets what was saved last, however the one before ended',
    async run(at) {
      await at.submit([newTask('a')]);
      const runner = await at.runner();
      const first = await runner.claimOne();
      expect(first.resume).toBeNull();
      expect(await at.store.report(first.ref, { saved: 'old' })).toBe(true);
      expect(await at.store.report(first.ref, { saved: { chunk: 6, of: ['😀'] } })).toBe(true);
      const nothing = { answers: {}, expired: [] };
      const ends: readonly ((ref: AttemptRef) => Settlement)[] = [
        (ref) => retried(ref, at.now),
        (ref) => snoozed(ref, at.now),
        (ref) => released(ref, true),
      ];
      let { ref } = first;
      for (const end of ends) {
        await runner.settle(end(ref));
        const next = await runner.claimOne();
        expect(next.resume).toEqual({ ...nothing, saved: { chunk: 6, of: ['😀'] } });
        ({ ref } = next);
      }
    },
  },
  {
    id: 'reports.saved-is-no-change',
    title: 'saving changes nothing that a flow shows',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      const before = [await at.flow(flowId), await at.task(flowId, 'a')];
      const heard = await hearHints(at.store);
      await at.store.report(ref, { saved: 1 });
      await at.store.report(ref, {});
      expect([await at.flow(flowId), await at.task(flowId, 'a')]).toEqual(before);
      expect((await heard.since()).flatMap(({ flows }) => flows ?? [])).toEqual([]);
    },
  },
  {
    id: 'reports.progress',
    title: 'progress shows in the task, and is a change of the flow',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b')]);
      const runner = await at.runner();
      const held = await runner.hold();
      const { rev } = await at.flow(flowId);
      const heard = await hearHints(at.store);
      const progress = { message: 'half "way"', fraction: 0.5 };
      expect(await at.store.report(held('a'), { progress })).toBe(true);
      expect(await heard.since()).toEqual([
        { by: null, flows: [{ flowId, rev: rev + 1, ended: false }] },
      ]);
      expect(await at.store.changesSince(flowId, rev)).toMatchObject({
        flow: { rev: rev + 1 },
        tasks: [{ id: 'a', progress, rev: rev + 1 }],
      });
      const unsure = { message: '', fraction: null };
      await at.store.report(held('a'), { progress: unsure, saved: 1 });
      expect((await at.task(flowId, 'a')).progress).toEqual(unsure);
      expect((await at.flow(flowId)).rev).toBe(rev + 2);
    },
  },
  {
    id: 'reports.progress-ends',
    title: 'progress is gone when its attempt has ended, however that was',
    async run(at) {
      const flowId = await at.submit(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => newTask(id)));
      const runner = await at.runner();
      const held = await runner.hold();
      const progress = { message: 'half', fraction: 0.5 };
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f'])
        await at.store.report(held(id), { progress });
      await runner.settle(
        succeeded(held('a')),
        failed(held('b')),
        retried(held('c'), at.now + 500),
        asking(held('d'), { x: { ask: 1 } }),
        released(held('e')),
      );
      expect((await at.task(flowId, 'f')).progress).toEqual(progress);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const tasks = await at.tasks(flowId);
      expect(tasks.filter((task) => task.progress !== null)).toEqual([]);
    },
  },
  {
    id: 'reports.fence',
    title: 'an attempt that was settled, cancelled or taken over reports nothing any more',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b'), newTask('c')]);
      const other = await at.submit([newTask('d')]);
      const runner = await at.runner();
      const held = await runner.hold();
      const late: AttemptRef[] = [held('a'), held('b'), held('d')];
      await runner.settle(snoozed(held('a'), at.now), succeeded(held('b')));
      const again = await runner.claimTask('a');
      await at.store.cancelFlow({ flowId: other, owner: '', now: at.now });
      const heir = await at.runner();
      const take = { dead: runner.id, by: heir.id, limit: 5, now: at.now };
      const taken = await at.store.takeOver(take);
      late.push(again, held('c'), { ...held('c'), fence: 99 }, { ...held('c'), taskId: 'nobody' });
      const { rev } = await at.flow(flowId);
      const report = { saved: 'late', progress: { message: 'late', fraction: 1 } };
      for (const ref of late) expect(await at.store.report(ref, report)).toBe(false);
      expect((await at.flow(flowId)).rev).toBe(rev);
      const own = taken.find(({ ref }) => ref.taskId === 'a');
      if (own === undefined) expect.fail('nothing was taken over');
      expect(await at.store.report(own.ref, { progress: report.progress })).toBe(true);
      await heir.settle(retried(own.ref, at.now));
      expect((await heir.claimOne()).resume).toBeNull();
    },
  },
  {
    id: 'reports.taken-over',
    title: 'what a lost attempt saved is kept, and what it said is gone',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      const progress = { message: 'half', fraction: 0.5 };
      await at.store.report(ref, { saved: 6, progress });
      const heir = await at.runner();
      const take = { dead: runner.id, by: heir.id, limit: 5, now: at.now };
      const [taken] = await at.store.takeOver(take);
      expect((await at.task(flowId, 'a')).progress).toBeNull();
      if (taken !== undefined) await heir.settle(retried(taken.ref, at.now));
      expect((await heir.claimOne()).resume?.saved).toBe(6);
    },
  },
  {
    id: 'reports.not-json',
    title: 'a value that is no JSON is refused, and nothing is kept of the report',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      const saved = 10n as unknown as JsonValue;
      const report = { saved, progress: { message: 'half', fraction: 0.5 } };
      await expectRejection(at.store.report(ref, report), 'invalid_input');
      expect((await at.task(flowId, 'a')).progress).toBeNull();
    },
  },
];
