import { type NewTask, newTask, randomIds, type Task } from '@tasked/core';

/** A task that was created at `createdAt` and lives; every field can be replaced. */
export function taskRecord(fields: Partial<Task> = {}): Task {
  const { id = `t_${randomIds.flowId()}`, owner = '', createdAt = 1_000 } = fields;
  const spec: NewTask = { id, owner, createdAt, method: 'tools/call', ttlMs: 60_000 };
  const change = newTask(spec);
  if (change.kind === 'refused') throw new Error(change.message);
  return { ...change.task, ...fields };
}

/** The task once it has ended with a result, at `now`. */
export function endedTask(task: Task, now: number): Task {
  const outcome = { kind: 'result', result: { content: [] } } as const;
  return { ...task, status: 'completed', outcome, lastUpdatedAt: now, version: task.version + 1 };
}
