import type { FlowCounts, FlowTaskState } from '@tasked/core';
import { TASK } from './codes.ts';

/** Tasks by state, each at the code of its state: how counts travel between rows and accounts. */
export type CountsByCode = number[];

/** The count columns of `flow`, in the order of their codes. */
export const COUNT_COLUMNS = (Object.keys(TASK) as FlowTaskState[]).sort(
  (a, b) => TASK[a] - TASK[b],
);

export function flowCountsOf(counts: CountsByCode): FlowCounts {
  const byState = {} as Record<FlowTaskState, number>;
  for (const state of COUNT_COLUMNS) byState[state] = counts[TASK[state]] as number;
  return byState;
}
