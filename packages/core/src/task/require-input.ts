import type { Task } from './task.ts';
import { type ChangeNote, changed, refused, type TaskChange } from './task-change.ts';
import { INPUT_KEY, type InputRequests, type TaskInput } from './task-input.ts';
import { isTerminal } from './task-status.ts';
import { ended } from './transition.ts';

/**
 * Asks for input: the task is `input_required` until every outstanding request is answered. Refuses with
 * `invalid_input` no requests at all, a key that is none and a key that the task used before (keys never repeat in
 * a task's life: MCP extension Tasks, "Input requests"), with `illegal_transition` a task that has ended.
 */
export function requireInput(task: Task, requests: InputRequests, note: ChangeNote): TaskChange {
  if (isTerminal(task.status)) return ended(task);
  const asked = Object.entries(requests);
  if (asked.length === 0)
    return refused('invalid_input', 'there are no requests: name one or more');
  for (const [key] of asked) {
    if (!INPUT_KEY.test(key)) {
      return refused(
        'invalid_input',
        'the key of an input is 1 to 128 letters, digits, _ . : or -',
      );
    }
    if (Object.hasOwn(task.inputs, key)) {
      return refused(
        'invalid_input',
        `task ${task.id} used the key ${key} before: choose a new one`,
      );
    }
  }
  const { now, statusMessage = null } = note;
  const inputs = asked.map(([key, request]): readonly [string, TaskInput] => [
    key,
    { state: 'outstanding', request, requestedAt: now },
  ]);
  return changed(
    task,
    {
      status: 'input_required',
      statusMessage,
      inputs: { ...task.inputs, ...Object.fromEntries(inputs) },
    },
    now,
  );
}
