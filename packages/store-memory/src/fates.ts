import { propagate, type Verdict } from '@tasked/core';
import type { TaskRecord } from './task-record.ts';
import type { Transaction } from './transaction.ts';

/** Carries the ends of tasks to their dependents, to any depth. */
export function carryEnds(tx: Transaction, ended: Iterable<readonly [TaskRecord, Verdict]>): void {
  for (const { key: task, open, failed, skipped, outcome, cause } of propagate(
    ended,
    dependentsOf,
  )) {
    task.open = open;
    task.failed = failed;
    task.skipped = skipped;
    if (outcome === 'blocked') continue;
    task.cause = cause;
    tx.move(task, outcome);
  }
}

function dependentsOf(task: TaskRecord): readonly TaskRecord[] {
  return task.dependents;
}
