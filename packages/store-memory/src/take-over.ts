import { decodeJson, type TakenAttempt, type TakeOver, TaskedError } from '@tasked/core';
import { endAttempt, openAttempt } from './attempts.ts';
import type { RunnerRecord } from './runner-record.ts';
import type { TaskRecord } from './task-record.ts';
import type { Transaction } from './transaction.ts';

/** Moves attempts of a dead runner to another; see `WorkStore.takeOver`. */
export function takeOver(tx: Transaction, take: TakeOver): readonly TakenAttempt[] {
  const heir = tx.tables.liveRunner(take.by);
  if (heir === undefined) {
    throw new TaskedError(
      'not_found',
      `runner ${take.by} is not registered; register before a take-over`,
    );
  }
  if (take.by === take.dead) {
    throw new TaskedError('invalid_input', `runner ${take.by} cannot take over from itself`);
  }
  const dead = tx.tables.runners.get(take.dead);
  if (dead === undefined) return [];
  const taken = [...dead.held].slice(0, take.limit).map((task) => handOver(tx, task, heir));
  dead.gone = true;
  if (dead.held.size === 0) tx.tables.runners.delete(take.dead);
  tx.write();
  return taken;
}

function handOver(tx: Transaction, task: TaskRecord, heir: RunnerRecord): TakenAttempt {
  const lostFence = task.fence;
  endAttempt(tx, task, 'lost');
  openAttempt(tx, task, heir);
  const cancelled = task.state === 'cancelled';
  task.progress = null;
  if (!cancelled) tx.touchTask(task);
  return {
    ref: { flowId: task.flow.id, taskId: task.id, fence: task.fence },
    lostFence,
    attempt: task.attempt,
    executor: task.executor,
    config: decodeJson(task.configText),
    retry: task.retry,
    cancelled,
  };
}
