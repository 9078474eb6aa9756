import type { EpochMs } from '../ids.ts';
import type { Task } from './task.ts';
import { changed } from './task-change.ts';
import { type InputResponses, outstandingInputs, type TaskInput } from './task-input.ts';

/** What became of answers: which of them were wanted, and the task with those. */
export interface AnsweredTask {
  /** The task that was given, unchanged, when `accepted` is empty. */
  readonly task: Task;
  /** The keys that were outstanding. Answers to others, or to a task that has ended, are dropped. */
  readonly accepted: readonly string[];
}

/**
 * Answers what is outstanding, each key once. With the last answer the task goes back to `working`, and what it
 * said meanwhile is over.
 */
export function answerInput(task: Task, responses: InputResponses, now: EpochMs): AnsweredTask {
  const outstanding = outstandingInputs(task);
  const accepted = Object.keys(responses).filter((key) => Object.hasOwn(outstanding, key));
  if (accepted.length === 0) return { task, accepted };
  const answered = Object.fromEntries(
    accepted.map((key): readonly [string, TaskInput] => [
      key,
      {
        ...(task.inputs[key] as TaskInput),
        state: 'answered',
        response: responses[key] ?? null,
        answeredAt: now,
      },
    ]),
  );
  const fields = { inputs: { ...task.inputs, ...answered } };
  const isLast = accepted.length === Object.keys(outstanding).length;
  const goesOn = isLast ? ({ status: 'working', statusMessage: null } as const) : {};
  const change = changed(task, { ...fields, ...goesOn }, now);
  return { task: change.task, accepted };
}
