import type { Flow, FlowTask, ListFlows, ListFlowTasks } from '@tasked/core';
import type { FlowRecord } from './flow-record.ts';
import type { OwnerRecord } from './owner-record.ts';

/** The flows of one owner, newest first; see `FlowStore.listFlows`. */
export function listFlows(owner: OwnerRecord, query: ListFlows): readonly Flow[] {
  const found: Flow[] = [];
  if (query.limit <= 0) return found;
  for (const flow of owner.flows.downwards(query.after)) {
    if (query.queue !== undefined && flow.queue.name !== query.queue) continue;
    if (query.state !== undefined && flow.state !== query.state) continue;
    found.push(flow.view());
    if (found.length === query.limit) break;
  }
  return found;
}

/** Tasks of one flow, by index; see `FlowStore.listFlowTasks`. */
export function listFlowTasks(flow: FlowRecord, query: ListFlowTasks): readonly FlowTask[] {
  const found: FlowTask[] = [];
  for (let index = (query.afterIndex ?? -1) + 1; found.length < query.limit; index++) {
    const task = flow.tasks[index];
    if (task === undefined) break;
    if (query.states?.includes(task.state) ?? true) found.push(task.view());
  }
  return found;
}
