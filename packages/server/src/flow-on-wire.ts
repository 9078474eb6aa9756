import type { EpochMs, Flow, FlowTaskState } from '@tasked/core';
import { z } from 'zod';

/** The name of a task's state in answers: Tasked calls pending what the model calls blocked. */
export type WireTaskState = Exclude<FlowTaskState, 'blocked'> | 'pending';

/** How many tasks of a flow are in each state, as answers count them. */
export const flowCountsSchema = {
  task_count: z.int().describe('Of the counts by state that follow, absent ones are 0.'),
  tasks_succeeded: z.int(),
  tasks_failed: z.int(),
  tasks_running: z.int().optional(),
  tasks_ready: z.int().optional(),
  tasks_pending: z.int().optional(),
  tasks_delayed: z.int().optional(),
  tasks_waiting: z.int().optional(),
  tasks_cancelled: z.int().optional(),
  tasks_skipped: z.int().optional(),
};

type FlowCountsOnWire = z.output<z.ZodObject<typeof flowCountsSchema>>;

/** The counts of a flow by the names of {@link flowCountsSchema}. */
export function flowCounts({ taskCount, counts }: Flow): FlowCountsOnWire {
  const others = {
    tasks_running: counts.running,
    tasks_ready: counts.ready,
    tasks_pending: counts.blocked,
    tasks_delayed: counts.delayed,
    tasks_waiting: counts.waiting,
    tasks_cancelled: counts.cancelled,
    tasks_skipped: counts.skipped,
  };
  return {
    task_count: taskCount,
    tasks_succeeded: counts.succeeded,
    tasks_failed: counts.failed,
    ...Object.fromEntries(Object.entries(others).filter(([, count]) => count > 0)),
  };
}

/** How many tasks have ended, well or not. */
export function tasksDone({ counts }: Flow): number {
  return counts.succeeded + counts.failed + counts.cancelled + counts.skipped;
}

export function wireTaskState(state: FlowTaskState): WireTaskState {
  return state === 'blocked' ? 'pending' : state;
}

/** ISO 8601, UTC. */
export function isoTime(at: EpochMs): string {
  return new Date(at).toISOString();
}
