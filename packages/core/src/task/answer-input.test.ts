import { describe, expect, it } from 'vitest';
import { aTask } from '../../test/new-tasks.ts';
import { answerInput } from './answer-input.ts';
import { requireInput } from './require-input.ts';
import type { Task } from './task.ts';
import { answeredInputs, type InputRequests, outstandingInputs } from './task-input.ts';
import { cancel } from './transition.ts';

const ASK = { method: 'elicitation/create' };

function asking(requests: InputRequests, task = aTask()): Task {
  const change = requireInput(task, requests, { now: 2_000, statusMessage: 'please answer' });
  if (change.kind === 'refused') throw new Error(change.message);
  return change.task;
}

describe('requireInput', () => {
  it('asks, and asks for more meanwhile', () => {
    const one = asking({ one: ASK });
    expect(one).toMatchObject({ status: 'input_required', statusMessage: 'please answer' });
    const both = asking({ two: { method: 'x' } }, one);
    expect(outstandingInputs(both)).toEqual({ one: ASK, two: { method: 'x' } });
  });

  it('refuses nothing at all, a key that is none and one that was used, answered or not', () => {
    const { task } = answerInput(asking({ used: ASK, open: ASK }), { used: 1 }, 3_000);
    const wrong = [{}, { '': ASK }, { 'a b': ASK }, { used: ASK }, { fresh: ASK, open: ASK }];
    for (const requests of wrong) {
      const change = requireInput(task, requests, { now: 4_000 });
      expect(change).toMatchObject({ kind: 'refused', code: 'invalid_input' });
    }
  });

  it('refuses a task that has ended', () => {
    const change = cancel(aTask(), { now: 2_000 });
    const over = change.kind === 'changed' ? change.task : aTask();
    const asked = requireInput(over, { q: ASK }, { now: 3_000 });
    expect(asked).toMatchObject({ code: 'illegal_transition' });
  });

  it('takes a key for what it is, whatever every object has', () => {
    const task = asking({ constructor: ASK, ['__proto__']: ASK });
    expect(Object.keys(outstandingInputs(task))).toEqual(['constructor', '__proto__']);
    const { accepted } = answerInput(aTask(), { constructor: 1, toString: 2 }, 3_000);
    expect(accepted).toEqual([]);
    const answered = answerInput(task, { ['__proto__']: 1 }, 3_000);
    expect(answered.accepted).toEqual(['__proto__']);
    expect(Object.entries(answeredInputs(answered.task))).toEqual([['__proto__', 1]]);
  });
});

describe('answerInput', () => {
  it('goes back to work with the last answer, and says no more that it waits', () => {
    const first = answerInput(asking({ one: ASK, two: ASK }), { one: { ok: true } }, 3_000);
    expect(first.task).toMatchObject({ status: 'input_required', statusMessage: 'please answer' });
    const second = answerInput(first.task, { two: null }, 4_000);
    expect(second.task).toMatchObject({ status: 'working', statusMessage: null, version: 4 });
    expect(answeredInputs(second.task)).toEqual({ one: { ok: true }, two: null });
    expect(outstandingInputs(second.task)).toEqual({});
  });

  it('accepts each key once and drops the others', () => {
    const first = answerInput(asking({ one: ASK, two: ASK }), { one: 1, never: 2 }, 3_000);
    expect(first.accepted).toEqual(['one']);
    const again = answerInput(first.task, { one: 'other', never: 2 }, 4_000);
    expect(again).toEqual({ task: first.task, accepted: [] });
    expect(again.task).toBe(first.task);
  });

  it('drops answers to a task that has ended, which waits for nothing', () => {
    const change = cancel(asking({ one: ASK }), { now: 3_000 });
    const over = change.kind === 'changed' ? change.task : aTask();
    expect(outstandingInputs(over)).toEqual({});
    expect(answerInput(over, { one: 1 }, 4_000)).toEqual({ task: over, accepted: [] });
  });
});
