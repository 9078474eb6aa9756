import { describe, expect, it } from 'vitest';
import { aTask } from '../../test/new-tasks.ts';
import { amend } from './amend.ts';
import { requireInput } from './require-input.ts';
import { endedAt, type Task } from './task.ts';
import type { TaskChange } from './task-change.ts';
import { isValidTransition, type TaskStatus, validStatuses } from './task-status.ts';
import { cancel, complete, fail, type TaskStep, transition } from './transition.ts';

const NOTE = { now: 2_000 };
const ERROR = { code: -32_000, message: 'no space left' };

const STEPS: Readonly<Record<TaskStatus, TaskStep>> = {
  working: { to: 'working' },
  input_required: { to: 'input_required' },
  completed: { to: 'completed', outcome: { kind: 'result', result: {} } },
  failed: { to: 'failed', outcome: { kind: 'error', error: ERROR } },
  cancelled: { to: 'cancelled', outcome: { kind: 'cancelled' } },
};

function done(change: TaskChange): Task {
  if (change.kind === 'refused') throw new Error(change.message);
  return change.task;
}

/** A task in that status. */
function taskIn(status: TaskStatus): Task {
  return status === 'working' ? aTask() : done(transition(aTask(), STEPS[status], NOTE));
}

describe('transition', () => {
  for (const from of validStatuses) {
    for (const to of validStatuses) {
      const legal = isValidTransition(from, to);
      it(`${legal ? 'takes' : 'refuses to take'} a task from ${from} to ${to}`, () => {
        const change = transition(taskIn(from), STEPS[to], NOTE);
        if (legal) expect(change).toMatchObject({ kind: 'changed', task: { status: to } });
        else expect(change).toMatchObject({ kind: 'refused', code: 'illegal_transition' });
      });
    }
  }

  it('raises the version and leaves the record it was given alone', () => {
    const before = Object.freeze(aTask());
    const after = done(
      transition(before, STEPS.input_required, { now: 5, statusMessage: 'well?' }),
    );
    expect(before.version).toBe(1);
    expect(after).toMatchObject({ version: 2, statusMessage: 'well?', createdAt: 1_000 });
  });

  it('moves no time back when the clock does', () => {
    expect(done(complete(aTask(), {}, { now: 3 })).lastUpdatedAt).toBe(1_000);
  });

  it('does not take a task back to work that waits for an answer', () => {
    const waiting = done(requireInput(aTask(), { q: { method: 'x' } }, NOTE));
    expect(transition(waiting, STEPS.working, NOTE)).toEqual({
      kind: 'refused',
      code: 'illegal_transition',
      message: 'task t_1 waits for q: answer that, or end the task',
    });
  });
});

describe('an end', () => {
  it('keeps its outcome, and the time', () => {
    const result = { content: [], isError: true };
    const completed = done(complete(aTask(), result, NOTE));
    expect(completed).toMatchObject({ status: 'completed', outcome: { kind: 'result', result } });
    expect(endedAt(completed)).toBe(2_000);
    expect(endedAt(aTask())).toBeNull();
  });

  it('says why it failed, in the words of the error or in better ones', () => {
    expect(done(fail(aTask(), ERROR, NOTE)).statusMessage).toBe('no space left');
    const better = { ...NOTE, statusMessage: 'the disk is full' };
    expect(done(fail(aTask(), ERROR, better)).statusMessage).toBe('the disk is full');
  });

  it('says no more how far it was', () => {
    const far = done(amend(aTask(), { statusMessage: '3/7 done' }, 1_500));
    expect(done(complete(far, {}, NOTE)).statusMessage).toBeNull();
    expect(done(cancel(far, NOTE)).statusMessage).toBeNull();
  });
});

describe('amend', () => {
  it('merges metadata key by key, unknown ones too, and keeps what is not named', () => {
    const metadata = { kept: 1, replaced: { a: 1 } };
    const task = aTask({ metadata, statusMessage: 'begun', pollIntervalMs: 500 });
    const after = done(amend(task, { metadata: { replaced: { b: 2 }, 'x/y': null } }, 1_500));
    expect(after.metadata).toEqual({ kept: 1, replaced: { b: 2 }, 'x/y': null });
    expect(after).toMatchObject({ statusMessage: 'begun', pollIntervalMs: 500, version: 2 });
    expect(done(amend(task, { statusMessage: null }, 1_500)).statusMessage).toBeNull();
  });

  it('refuses a task that has ended, and a duration that is none', () => {
    const over = done(cancel(aTask(), NOTE));
    expect(amend(over, { metadata: {} }, 3_000)).toMatchObject({ code: 'illegal_transition' });
    expect(amend(aTask(), { pollIntervalMs: -1 }, 3_000)).toMatchObject({ code: 'invalid_input' });
  });
});
