import type { FlowTask, FlowTaskState } from '@tasked/core';

/** What a reader must know of first: lower ranks come first in a status. */
const RANK: Readonly<Record<FlowTaskState, number>> = {
  failed: 0,
  waiting: 1,
  running: 2,
  ready: 3,
  delayed: 3,
  blocked: 3,
  succeeded: 3,
  cancelled: 3,
  skipped: 3,
};

/** A place in the order of a status. */
export interface TaskPosition {
  readonly rank: number;
  readonly index: number;
}

/** Where a task stands: failed, waiting, running, then the rest, each as submitted. */
export function positionOf({ state, index }: FlowTask): TaskPosition {
  return { rank: RANK[state], index };
}

/** The tasks after a position, in order. */
export function tasksAfter(
  tasks: readonly FlowTask[],
  after: TaskPosition | null,
): readonly FlowTask[] {
  return tasks
    .filter((task) => after === null || compare(positionOf(task), after) > 0)
    .sort((a, b) => compare(positionOf(a), positionOf(b)));
}

function compare(a: TaskPosition, b: TaskPosition): number {
  return a.rank - b.rank || a.index - b.index;
}
