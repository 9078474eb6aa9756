import type { Owner, Task, TaskId, Tasks } from '@tasked/core';
import type { Operation } from './task-command.ts';

/** Whom an operation is for, and on which task. */
export interface Target {
  readonly owner: Owner;
  readonly id: TaskId;
}

/** What an operation gave: a task, or the keys of the answers that were accepted; null for a deletion. */
export type Performed =
  | { readonly task: Task }
  | { readonly accepted: readonly string[]; readonly task: Task }
  | null;

/** Does one operation of a sequence by the service. */
export async function perform(
  tasks: Tasks,
  { owner, id }: Target,
  command: { readonly do: Operation; readonly keys: readonly string[] },
): Promise<Performed> {
  const each = <Value>(value: Value) =>
    Object.fromEntries(command.keys.map((key) => [key, value] as const));
  switch (command.do) {
    case 'get':
      return { task: await tasks.get(owner, id) };
    case 'amend': {
      const { metadata } = await tasks.get(owner, id);
      const amended = Number(metadata.amended ?? 0) + 1;
      return { task: await tasks.update(owner, id, { metadata: { amended } }) };
    }
    case 'work':
      return { task: await tasks.transition(owner, id, { to: 'working' }) };
    case 'wait-for-input':
      return { task: await tasks.transition(owner, id, { to: 'input_required' }) };
    case 'cancel':
      return { task: await tasks.cancel(owner, id) };
    case 'complete':
      return { task: await tasks.complete(owner, id, { content: [] }) };
    case 'fail':
      return { task: await tasks.fail(owner, id, { code: -32_000, message: 'no' }) };
    case 'ask':
      return { task: await tasks.requireInput(owner, id, each({ method: 'ask' })) };
    case 'answer':
      return tasks.answerInput(owner, id, each('answer'));
    case 'delete':
      await tasks.delete(owner, id);
      return null;
  }
}
