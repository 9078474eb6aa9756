import type { AttemptEnd, TaskFailure } from '@tasked/core';
import type { RunnerRecord } from './runner-record.ts';
import type { TaskRecord } from './task-record.ts';
import type { Transaction } from './transaction.ts';

/** Opens an attempt under a new fence; from then on the task takes a slot of its queue. */
export function openAttempt(tx: Transaction, task: TaskRecord, runner: RunnerRecord): void {
  task.fence += 1;
  task.flow.queue.running += 1;
  task.holder = runner;
  runner.held.add(task);
  if (task.state === 'cancelled') runner.stopping.add(task);
  task.attempts.push(
    Object.freeze({
      fence: task.fence,
      runnerId: runner.details.id,
      startedAt: tx.now,
      endedAt: null,
      end: null,
      failure: null,
    }),
  );
  tx.write();
}

/** Closes the open attempt of a task, and frees its slot. */
export function endAttempt(
  tx: Transaction,
  task: TaskRecord,
  end: AttemptEnd,
  failure: TaskFailure | null = null,
): void {
  task.flow.queue.running -= 1;
  task.holder?.held.delete(task);
  task.holder?.stopping.delete(task);
  task.holder = null;
  const open = task.attempts.pop();
  if (open !== undefined) {
    task.attempts.push(Object.freeze({ ...open, endedAt: tx.now, end, failure }));
  }
  tx.write();
}
