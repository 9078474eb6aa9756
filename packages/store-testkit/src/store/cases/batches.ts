import { type JsonValue, MAX_TICK, randomIds, type Settlement } from '@tasked/core';
import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { failed, stopped, succeeded } from '../../builders/settlements.ts';
import { expectRejection } from '../../expect-rejection.ts';
import { hearHints } from '../hear-hints.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** A tick is one transaction: all of it or nothing, and nothing when nothing happened. */
export const batchCases: readonly StoreCase[] = [
  {
    id: 'batches.impossible-settlement',
    title: 'one settlement that does not count takes nothing from the others of its tick',
    async run(at) {
      const flowId = await at.submit([
        newTask('a'),
        newTask('b'),
        newTask('join', { dependsOn: ['a', 'b'] }),
      ]);
      const runner = await at.runner();
      const held = await runner.hold();
      const bad = [
        { ...held('a'), fence: 99 },
        { flowId: randomIds.flowId(), taskId: 'a', fence: 1 },
        { flowId, taskId: 'nobody', fence: 1 },
      ];
      const settle = [
        ...bad.slice(0, 1).map((ref) => succeeded(ref)),
        succeeded(held('a')),
        ...bad.slice(1).map((ref) => succeeded(ref)),
        stopped(held('b')),
        succeeded(held('b')),
      ];
      const result = await runner.tick({ settle, claim: room() });
      expect(result.rejected).toEqual([...bad, held('b')]);
      expect(result.claimed.map(({ ref }) => ref.taskId)).toEqual(['join']);
      expect(result.changed).toHaveLength(1);
    },
  },
  {
    id: 'batches.throwing-tick',
    title: 'a tick that throws commits nothing, and its settlements can be sent again',
    async run(at) {
      const flowId = await at.submit([...newTasks('t', 3), newTask('join', { dependsOn: ['t0'] })]);
      const runner = await at.runner();
      const held = await runner.hold();
      const heard = await hearHints(at.store);
      const before = [await at.flow(flowId), await at.tasks(flowId), await at.slots()];
      for (const noJson of NO_JSON) {
        const settle = [
          succeeded(held('t0'), 'fine'),
          { ...succeeded(held('t1')), output: noJson as JsonValue },
          failed(held('t2')),
        ];
        await expectRejection(runner.advance({ settle, claim: room() }), 'invalid_input');
        expect([await at.flow(flowId), await at.tasks(flowId), await at.slots()]).toEqual(before);
        expect(await at.store.readOutputs([held('t0')], 1_000)).toEqual([{ kind: 'none' }]);
        expect(await at.store.listAttempts(held('t0'))).toMatchObject([{ end: null }]);
      }
      expect(await heard.since()).toEqual([]);
      await runner.succeed([held('t0'), held('t1'), held('t2')]);
    },
  },
  {
    id: 'batches.too-large',
    title: 'a tick that carries or asks for too much is refused whole',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 5));
      const runner = await at.runner();
      const held = (await runner.claim(4)).map(({ ref }) => ref);
      const before = [await at.flow(flowId), await at.tasks(flowId)];
      const settle: Settlement[] = held.map((ref) => succeeded(ref));
      while (settle.length <= MAX_TICK) {
        settle.push(succeeded({ flowId, taskId: 'nobody', fence: settle.length }));
      }
      await expectRejection(runner.advance({ settle }), 'limit_exceeded');
      await expectRejection(runner.advance({ claim: room(MAX_TICK + 1) }), 'limit_exceeded');
      expect([await at.flow(flowId), await at.tasks(flowId)]).toEqual(before);
      await runner.tick({ settle: settle.slice(0, MAX_TICK), claim: room(MAX_TICK) });
      expect((await at.flow(flowId)).counts).toMatchObject({ succeeded: 4, running: 1 });
    },
  },
  {
    id: 'batches.idle-tick',
    title: 'a tick that changes nothing writes nothing and wakes nobody',
    async run(at) {
      await at.queue('full', { concurrency: 1 });
      const flows = [
        await at.submit([newTask('a'), newTask('b', { dependsOn: ['a'] })]),
        await at.submit(newTasks('f', 2), { queue: 'full' }),
        await at.submit([newTask('other', { executor: 'shell' })]),
      ];
      const runner = await at.runner();
      await runner.hold();
      const heard = await hearHints(at.store);
      const read = async () => {
        const records = [];
        for (const flowId of flows) records.push(await at.flow(flowId), await at.tasks(flowId));
        return records;
      };
      const before = await read();
      for (const claim of [null, room(), room(0)]) {
        at.now += 1_000;
        const result = await runner.tick({ claim });
        expect(result).toMatchObject({ claimed: [], rejected: [], stop: [], changed: [] });
      }
      expect(await read()).toEqual(before);
      expect(await heard.since()).toEqual([]);
    },
  },
  {
    id: 'batches.rejected-only',
    title: 'a tick whose settlements are all rejected writes nothing and wakes nobody',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const ref = await runner.claimTask('a');
      const before = [await at.flow(flowId), await at.tasks(flowId)];
      const heard = await hearHints(at.store);
      const late = { ...ref, fence: 7 };
      const result = await runner.tick({ settle: [succeeded(late), stopped(ref), failed(late)] });
      expect(result.rejected).toEqual([late, ref, late]);
      expect(result.changed).toEqual([]);
      expect([await at.flow(flowId), await at.tasks(flowId)]).toEqual(before);
      expect(await heard.since()).toEqual([]);
    },
  },
  {
    id: 'batches.changed',
    title: '`changed` names every flow whose rev rose, once, with that rev and whether it ended',
    async run(at) {
      const ending = await at.submit(newTasks('e', 2));
      const going = await at.submit([newTask('g'), newTask('h', { dependsOn: ['g'] })]);
      const fresh = await at.submit([newTask('f', { executor: 'shell' })]);
      const still = await at.submit([newTask('s', { executor: 'http' })]);
      const runner = await at.runner();
      const held = await runner.hold();
      const result = await runner.tick({
        settle: [succeeded(held('e0')), succeeded(held('g')), succeeded(held('e1'))],
        claim: room(10, { executors: ['noop', 'shell'] }),
      });
      const changed = new Map(result.changed.map((flow) => [flow.flowId, flow]));
      expect(result.changed).toHaveLength(3);
      expect(changed.has(still)).toBe(false);
      for (const flowId of [ending, going, fresh]) {
        const { rev } = await at.flow(flowId);
        expect(changed.get(flowId)).toEqual({ flowId, rev, ended: flowId === ending });
      }
    },
  },
];

/** What is no JSON, and what cannot even be looked at. */
const NO_JSON: readonly unknown[] = [
  undefined,
  10n,
  {
    get broken() {
      throw new Error('planted');
    },
  },
];
