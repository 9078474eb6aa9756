import { type NewTask, newTask, type Task } from '../src/index.ts';

/** A task that was created at 1,000 and lives. */
export function aTask(fields: Partial<NewTask> = {}): Task {
  const change = newTask({
    id: 't_1',
    owner: 'me',
    method: 'tools/call',
    ttlMs: 60_000,
    createdAt: 1_000,
    ...fields,
  });
  if (change.kind === 'refused') throw new Error(change.message);
  return change.task;
}
