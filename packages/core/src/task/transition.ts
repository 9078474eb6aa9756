import type { JsonObject } from '../json.ts';
import type { Task } from './task.ts';
import { type ChangeNote, changed, refused, type TaskChange } from './task-change.ts';
import { outstandingInputs } from './task-input.ts';
import type { TaskError, TaskOutcome } from './task-outcome.ts';
import { isTerminal, isValidTransition } from './task-status.ts';

/** Where a task is to go; into its end only with an outcome that says the same. */
export type TaskStep =
  | { readonly to: 'working' | 'input_required' }
  | { readonly to: 'completed'; readonly outcome: Extract<TaskOutcome, { kind: 'result' }> }
  | { readonly to: 'failed'; readonly outcome: Extract<TaskOutcome, { kind: 'error' }> }
  | { readonly to: 'cancelled'; readonly outcome: Extract<TaskOutcome, { kind: 'cancelled' }> };

/**
 * Takes a task to another status. Refuses with `illegal_transition` what the table of statuses does not have, and
 * `working` while an input is outstanding: an answer leads there, or an end.
 */
export function transition(task: Task, step: TaskStep, note: ChangeNote): TaskChange {
  const { id, status } = task;
  if (isTerminal(status)) return ended(task);
  if (!isValidTransition(status, step.to)) {
    return refused('illegal_transition', `task ${id} is ${status}: it cannot become ${step.to}`);
  }
  const open = Object.keys(outstandingInputs(task));
  if (step.to === 'working' && open.length > 0) {
    return refused(
      'illegal_transition',
      `task ${id} waits for ${open.join(', ')}: answer that, or end the task`,
    );
  }
  const outcome = 'outcome' in step ? step.outcome : null;
  const { statusMessage = null, now } = note;
  return changed(task, { status: step.to, outcome, statusMessage }, now);
}

/** Ends a task with the result of its request. */
export function complete(task: Task, result: JsonObject, note: ChangeNote): TaskChange {
  return transition(task, { to: 'completed', outcome: { kind: 'result', result } }, note);
}

/** Ends a task with an error, whose message people read when the note has none. */
export function fail(task: Task, error: TaskError, note: ChangeNote): TaskChange {
  const step = { to: 'failed', outcome: { kind: 'error', error } } as const;
  return transition(task, step, { ...note, statusMessage: note.statusMessage ?? error.message });
}

/** Ends a task because somebody wants no more of it. */
export function cancel(task: Task, note: ChangeNote): TaskChange {
  return transition(task, { to: 'cancelled', outcome: { kind: 'cancelled' } }, note);
}

/** What is wrong with changing a task that has ended. */
export function ended({ id, status }: Task): TaskChange {
  return refused('illegal_transition', `task ${id} is ${status}: it has ended and changes no more`);
}
