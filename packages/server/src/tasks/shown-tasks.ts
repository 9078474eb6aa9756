import { type EpochMs, type Flow, type FlowTask, isTerminalFlow } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';

/** How many active tasks are named. */
const NAMED = 3;

/** Flows of more tasks are not read whole each time somebody asks how they are. */
const READ_WHOLE = 50;

/** What a flow is shown with beside its own row. */
export interface ShownTasks {
  /** The first few that run or wait; none once the flow has ended. */
  readonly active: readonly FlowTask[];
  /**
   * When the flow ended, or when a task of it started or ended last. When it was created for a running flow of more than
   * 50 tasks: nothing keeps the time of a flow's last change, and one read of all its tasks for each look is too much.
   */
  readonly changedAt: EpochMs;
}

/** Reads with one call, or with none, what a flow is shown with; `call`: its only task, where that is read already. */
export async function shownTasks(
  flows: Flows,
  flow: Flow,
  call: FlowTask | null,
): Promise<ShownTasks> {
  const { taskCount, createdAt, endedAt } = flow;
  if (isTerminalFlow(flow.state)) return { active: [], changedAt: endedAt ?? createdAt };
  if (taskCount > READ_WHOLE) {
    const query = { states: ['running', 'waiting'], limit: NAMED } as const;
    return { active: await flows.tasksOf(flow, query), changedAt: createdAt };
  }
  const tasks = call === null ? await flows.tasksOf(flow, { limit: READ_WHOLE }) : [call];
  return {
    active: tasks.filter(({ state }) => state === 'running' || state === 'waiting').slice(0, NAMED),
    changedAt: Math.max(createdAt, ...tasks.map(lastTimeOf)),
  };
}

function lastTimeOf({ startedAt, endedAt }: FlowTask): EpochMs {
  return endedAt ?? startedAt ?? 0;
}
