import type { InputRequests, Task } from '@tasked/core';

/**
 * A task as the protocol shows it, wherever it is kept: a standalone task, or a flow. The neutral facts from which
 * both generations are projected.
 */
export interface TaskView
  extends Pick<
    Task,
    'id' | 'status' | 'statusMessage' | 'createdAt' | 'lastUpdatedAt' | 'ttlMs' | 'outcome'
  > {
  /** How often to ask, in milliseconds. */
  readonly pollIntervalMs: number;
  /** What it waits for, by key; none unless it is `input_required`. */
  readonly inputRequests: InputRequests;
}
