import type { NewRunner, Runner } from '@tasked/core';
import type { TaskRecord } from './task-record.ts';

/** A runner as the store keeps it. */
export class RunnerRecord {
  readonly details: NewRunner;
  /** Tasks whose slots it takes, in the order it got them. */
  readonly held = new Set<TaskRecord>();
  /** Those of `held` that were cancelled. */
  readonly stopping = new Set<TaskRecord>();
  /** True from when it unregistered, or somebody took over from it. */
  gone = false;

  constructor(details: NewRunner) {
    const { id, name, host, pid, registeredAt } = details;
    this.details = { id, name, host, pid, registeredAt };
  }

  /** What callers see of it now. */
  view(): Runner {
    return { ...this.details, attempts: this.held.size };
  }
}
