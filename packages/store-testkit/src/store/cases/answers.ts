import type { JsonValue } from '@tasked/core';
import { expect } from 'vitest';
import { newTask } from '../../builders/new-task.ts';
import { asking } from '../../builders/settlements.ts';
import { expectRejection } from '../../expect-rejection.ts';
import { hearHints } from '../hear-hints.ts';
import type { StoreCase } from '../store-case.ts';

/** Answers to inputs: what is outstanding is taken, each once, all in one commit. */
export const answerCases: readonly StoreCase[] = [
  {
    id: 'answers.refused',
    title: 'what nobody asked for, or was answered before, is refused and said; the rest counts',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b')]);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(asking(held('a'), { x: { ask: 1 }, y: { ask: 2 } }));
      await at.answer(flowId, { a: { x: 'first' } });
      const answered = await at.answer(flowId, {
        nobody: { x: 1 },
        b: { x: 1 },
        a: { other: 1, x: 'second', y: 'first' },
      });
      expect(answered).toEqual({
        accepted: [{ taskId: 'a', key: 'y' }],
        refused: [
          { taskId: 'nobody', key: 'x', why: 'unknown' },
          { taskId: 'b', key: 'x', why: 'unknown' },
          { taskId: 'a', key: 'other', why: 'unknown' },
          { taskId: 'a', key: 'x', why: 'answered' },
        ],
      });
      expect((await runner.claimOne()).resume?.answers).toEqual({ x: 'first', y: 'first' });
    },
  },
  {
    id: 'answers.twice-in-one-call',
    title: 'of two answers to one input in one call the first counts',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(asking(await runner.claimTask('a'), { x: { ask: 1 } }));
      const input = { taskId: 'a', key: 'x' };
      const answers = [
        { ...input, answer: 'first' },
        { ...input, answer: 'second' },
      ];
      expect(await at.store.answerInputs({ flowId, owner: '', answers, now: at.now })).toEqual({
        accepted: [input],
        refused: [{ ...input, why: 'answered' }],
      });
      expect((await runner.claimOne()).resume?.answers).toEqual({ x: 'first' });
    },
  },
  {
    id: 'answers.racers',
    title: 'of many who answer at once each input has one winner, whose answer is kept',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(asking(await runner.claimTask('a'), { x: { ask: 1 }, y: { ask: 2 } }));
      const racers = Array.from({ length: 20 }, (_, number) => number);
      const results = await Promise.all(
        racers.map((number) =>
          at.answer(flowId, { a: { [number % 2 === 0 ? 'x' : 'y']: number } }),
        ),
      );
      const winners = results.flatMap(({ accepted }, number) =>
        accepted.map(({ key }) => [key, number] as const),
      );
      expect(winners).toHaveLength(2);
      expect((await runner.claimOne()).resume?.answers).toEqual(Object.fromEntries(winners));
    },
  },
  {
    id: 'answers.owner',
    title: 'answers by anybody else find no flow, and change nothing',
    async run(at) {
      const flowId = await at.submit([newTask('a')], { owner: 'ann' });
      const runner = await at.runner();
      await runner.settle(asking(await runner.claimTask('a'), { x: { ask: 1 } }));
      const before = await at.flow(flowId, 'ann');
      const call = { answers: [{ taskId: 'a', key: 'x', answer: 1 }], now: at.now };
      expect(await at.store.answerInputs({ ...call, flowId, owner: 'bob' })).toBeNull();
      expect(await at.store.answerInputs({ ...call, flowId: 'f_nobody', owner: 'ann' })).toBeNull();
      expect(await at.flow(flowId, 'ann')).toEqual(before);
      expect(await at.store.listInputs(flowId)).toHaveLength(1);
    },
  },
  {
    id: 'answers.changes',
    title: 'answers are one change of the flow, told by one hint; refused ones alone are none',
    async run(at) {
      const flowId = await at.submit([newTask('a'), newTask('b'), newTask('c')]);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(
        asking(held('a'), { x: { ask: 1 }, y: { ask: 2 } }),
        asking(held('b'), { x: { ask: 1 } }),
      );
      const { rev } = await at.flow(flowId);
      const heard = await hearHints(at.store);
      await at.answer(flowId, { a: { x: 1 }, b: { x: 1 } });
      expect(await heard.since()).toEqual([
        { by: null, flows: [{ flowId, rev: rev + 1, ended: false }] },
      ]);
      const changes = await at.store.changesSince(flowId, rev);
      expect(changes?.flow.rev).toBe(rev + 1);
      expect(changes?.tasks.map(({ id, state }) => [id, state])).toEqual([
        ['a', 'waiting'],
        ['b', 'ready'],
      ]);
      await at.answer(flowId, { a: { x: 1, other: 1 } });
      expect(await heard.since()).toEqual([]);
      expect((await at.flow(flowId)).rev).toBe(rev + 1);
    },
  },
  {
    id: 'answers.not-json',
    title: 'an answer that is no JSON is refused, and none of its call is taken',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      await runner.settle(asking(await runner.claimTask('a'), { x: { ask: 1 }, y: { ask: 2 } }));
      const bad = { x: 1, y: 10n as unknown as JsonValue };
      await expectRejection(at.answer(flowId, { a: bad }), 'invalid_input');
      expect(await at.store.listInputs(flowId)).toHaveLength(2);
    },
  },
  {
    id: 'answers.own-copy',
    title: 'what happens to requests and answers afterwards does not reach the store',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const request = { list: [1] };
      await runner.settle(asking(await runner.claimTask('a'), { x: request }));
      request.list.push(2);
      expect(await at.store.listInputs(flowId)).toMatchObject([{ request: { list: [1] } }]);
      const answer = { list: [1] };
      await at.answer(flowId, { a: { x: answer } });
      answer.list.push(2);
      expect((await runner.claimOne()).resume?.answers).toEqual({ x: { list: [1] } });
    },
  },
];
