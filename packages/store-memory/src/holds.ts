import { fate, type HoldTasks, TaskedError, type Verdict, verdict } from '@tasked/core';
import { carryEnds } from './fates.ts';
import { endIfDone } from './flow-end.ts';
import type { TaskRecord } from './task-record.ts';
import type { Transaction } from './transaction.ts';

/** Puts one more hold on each named task that is still blocked; see `FlowStore.addHold`. */
export function addHold(tx: Transaction, holds: HoldTasks): readonly string[] {
  const tasks = blockedTasks(tx, holds);
  for (const task of tasks) {
    task.open += 1;
    task.holds += 1;
    tx.write();
  }
  return tasks.map(({ id }) => id);
}

/** Takes one hold from each named task that is still blocked; see `FlowStore.removeHold`. */
export function removeHold(tx: Transaction, holds: HoldTasks): readonly string[] {
  const tasks = blockedTasks(tx, holds);
  const free = tasks.find((task) => task.holds === 0);
  if (free !== undefined) {
    throw new TaskedError(
      'illegal_transition',
      `task ${free.id} has no hold that could be removed`,
    );
  }
  for (const task of tasks) {
    task.open -= 1;
    task.holds -= 1;
    tx.write();
  }
  carryEnds(
    tx,
    tasks.flatMap((task) => meetFate(tx, task)),
  );
  const flow = tx.tables.flows.get(holds.flowId);
  if (flow !== undefined) endIfDone(tx, flow);
  return tasks.map(({ id }) => id);
}

/** Decides a task that nothing holds any more; returns how it ended when it was skipped. */
function meetFate(tx: Transaction, task: TaskRecord): readonly (readonly [TaskRecord, Verdict])[] {
  const decided = fate(task, task.rule);
  if (decided.kind === 'blocked') return [];
  if (decided.kind === 'ready') {
    tx.move(task, 'ready');
    return [];
  }
  task.cause = decided.cause;
  tx.move(task, 'skipped');
  return [
    [task, verdict({ state: 'skipped', allowFailure: task.allowFailure, cause: decided.cause })],
  ];
}

function blockedTasks(tx: Transaction, { flowId, taskIds }: HoldTasks): readonly TaskRecord[] {
  const byId = tx.tables.flows.get(flowId)?.tasksById;
  return [...new Set(taskIds)].flatMap((id) => {
    const task = byId?.get(id);
    return task?.blocked ? [task] : [];
  });
}
