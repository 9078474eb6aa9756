import type { FlowState } from './flow-state.ts';
import type { FlowTaskState } from './flow-task-state.ts';
import type { EpochMs, FlowId, Owner, QueueName } from './ids.ts';

/** How many of a flow's tasks are in each state. */
export type FlowCounts = Readonly<Record<FlowTaskState, number>>;

/** A submitted DAG, as the store has it. */
export interface Flow {
  readonly id: FlowId;
  readonly owner: Owner;
  readonly queue: QueueName;
  readonly state: FlowState;
  /**
   * 1 when created; rises by one with every commit that changes a field of the flow or of one of its
   * tasks, or answers an input, however many it changes; never again once the flow has ended.
   */
  readonly rev: number;
  readonly counts: FlowCounts;
  readonly taskCount: number;
  /** Tasks that failed and were not allowed to; one is enough to fail the flow. */
  readonly fatalCount: number;
  /** Inputs that its tasks have asked for so far, answered or not; more than before means a new question. */
  readonly inputCount: number;
  readonly failFast: boolean;
  readonly createdAt: EpochMs;
  /** See `NewFlow.ttlMs`. */
  readonly ttlMs: number | null;
  /** When it reached a terminal state; null while it runs. */
  readonly endedAt: EpochMs | null;
}

/** The state a flow ends in once every task has ended; null while one has not. */
export function flowEnd(counts: FlowCounts, fatalCount: number): 'succeeded' | 'failed' | null {
  const live = counts.blocked + counts.delayed + counts.ready + counts.running + counts.waiting;
  if (live > 0) return null;
  return fatalCount > 0 ? 'failed' : 'succeeded';
}
