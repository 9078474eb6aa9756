import type { Flow, FlowTask } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { failureText } from '../failure-text.ts';
import { tasksDone } from '../flow-on-wire.ts';
import type { ShownTasks } from './shown-tasks.ts';

/** Where a flow is, in one line: "3/7 done, running build"; of one that failed, why. */
export async function flowProgress(
  flows: Flows,
  flow: Flow,
  { active }: ShownTasks,
): Promise<string> {
  const done = `${tasksDone(flow)}/${flow.taskCount} done`;
  if (flow.state === 'failed') return await failureOf(flows, flow);
  if (flow.state !== 'running') return `${flow.state}, ${done}`;
  const running = named('running', active, flow.counts.running);
  const waiting = named('waiting', active, flow.counts.waiting);
  return [done, running, waiting].filter((part) => part !== '').join(', ');
}

/** The first task that failed and what it failed with. */
export async function failureOf(flows: Flows, flow: Flow): Promise<string> {
  const [failed] = await flows.tasksOf(flow, { states: ['failed'], limit: 1 });
  if (failed === undefined) return `${flow.counts.failed} tasks failed`;
  const reason = failed.failure === null ? 'it failed' : failureText(failed.failure);
  return flow.taskCount === 1 ? reason : `${failed.id}: ${reason}`;
}

function named(state: 'running' | 'waiting', tasks: readonly FlowTask[], count: number): string {
  const ids = tasks.filter((task) => task.state === state).map(({ id }) => id);
  if (ids.length === 0) return '';
  const more = count > ids.length ? ` and ${count - ids.length} more` : '';
  return `${state === 'waiting' ? 'waiting for input: ' : 'running '}${ids.join(', ')}${more}`;
}
