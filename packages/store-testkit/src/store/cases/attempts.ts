import type { Attempt, AttemptRef, EpochMs, Settlement } from '@tasked/core';
import { expect } from 'vitest';
import { newTask } from '../../builders/new-task.ts';
import {
  failed,
  newFailure,
  released,
  retried,
  snoozed,
  stopped,
  succeeded,
} from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** The history of a task: one row for every attempt, kept for ever. */
export const attemptCases: readonly StoreCase[] = [
  {
    id: 'attempts.history',
    title: 'every attempt has a row that says who ran it, when, and how it ended',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const expected: Attempt[] = [];
      const ends: readonly ((ref: AttemptRef, at: EpochMs) => Settlement)[] = [
        retried,
        snoozed,
        (ref) => released(ref, false),
        (ref) => released(ref, true),
        (ref) => failed(ref),
      ];
      for (const [index, end] of ends.entries()) {
        const startedAt = at.now;
        const ref = await runner.claimTask('a');
        at.now += 10;
        const settlement = end(ref, at.now);
        await runner.settle(settlement);
        const { kind } = settlement;
        const failure = kind === 'retry' || kind === 'failed' ? newFailure() : null;
        const times = { startedAt, endedAt: at.now };
        expected.push({ fence: index + 1, runnerId: runner.id, ...times, end: kind, failure });
        expect(await at.store.listAttempts({ flowId, taskId: 'a' })).toEqual(expected);
      }
    },
  },
  {
    id: 'attempts.running',
    title: 'an attempt that runs has no end yet, and a task that never ran has no attempts',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b', { dependsOn: ['a'] })]);
      const runner = await at.runner();
      await runner.claimTask('a');
      expect(await at.store.listAttempts({ flowId, taskId: 'a' })).toEqual([
        {
          fence: 1,
          runnerId: runner.id,
          startedAt: at.now,
          endedAt: null,
          end: null,
          failure: null,
        },
      ]);
      expect(await at.store.listAttempts({ flowId, taskId: 'b' })).toEqual([]);
    },
  },
  {
    id: 'attempts.success-after-failure',
    title: 'a success does not wipe the failures of the attempts before it',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(retried(await runner.claimTask('a'), at.now));
      await runner.settle(succeeded(await runner.claimTask('a')));
      expect(await at.store.listAttempts({ flowId, taskId: 'a' })).toMatchObject([
        { fence: 1, end: 'retry', failure: newFailure() },
        { fence: 2, end: 'succeeded', failure: null },
      ]);
    },
  },
  {
    id: 'attempts.cancelled',
    title:
      'a cancelled attempt runs on in its row until it has stopped, and then ended as `stopped`',
    async run(at) {
      const runner = await at.runner();
      for (const last of [stopped, succeeded, failed]) {
        const flowId = await at.submit([newTask('a')]);
        const ref = await runner.claimTask('a');
        await at.store.cancelFlow({ flowId, owner: '', now: at.now });
        expect(await at.store.listAttempts(ref)).toMatchObject([{ end: null, endedAt: null }]);
        at.now += 30;
        await runner.tick({ settle: [last(ref)] });
        expect(await at.store.listAttempts(ref)).toMatchObject([
          { end: 'stopped', endedAt: at.now, failure: null },
        ]);
      }
    },
  },
  {
    id: 'attempts.lost',
    title: 'a take-over ends the row of the dead as `lost` and opens one for who took it',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const dead = await at.runner();
      const by = await at.runner();
      await dead.claim();
      const claimedAt = at.now;
      at.now += 70;
      await at.store.takeOver({ dead: dead.id, by: by.id, limit: 10, now: at.now });
      const lost = { fence: 1, runnerId: dead.id, startedAt: claimedAt };
      const taken = { fence: 2, runnerId: by.id, endedAt: null, end: null, failure: null };
      expect(await at.store.listAttempts({ flowId, taskId: 'a' })).toMatchObject([
        { ...lost, endedAt: at.now, end: 'lost' },
        taken,
      ]);
      at.now += 5;
      await by.settle(retried({ flowId, taskId: 'a', fence: 2 }, at.now));
      await by.tick({ claim: room() });
      expect(await at.store.listAttempts({ flowId, taskId: 'a' })).toMatchObject([
        { ...lost, end: 'lost' },
        { fence: 2, runnerId: by.id, endedAt: at.now, end: 'retry' },
        { fence: 3, runnerId: by.id, startedAt: at.now, end: null },
      ]);
    },
  },
  {
    id: 'attempts.many',
    title: 'attempts are listed by fence, as numbers and not as text',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      for (let round = 0; round < 12; round++) {
        await runner.settle(released(await runner.claimTask('a')));
      }
      const rows = await at.store.listAttempts({ flowId, taskId: 'a' });
      expect(rows.map(({ fence }) => fence)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
    },
  },
];
