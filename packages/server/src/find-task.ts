import {
  type Flow,
  type FlowId,
  type FlowTask,
  type FlowTaskId,
  isTaskedError,
  TaskedError,
} from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { MAX_TASKS, nearestOf } from '@tasked/dag-engine/spec';
import { findFlow } from './find-flow.ts';
import type { ToolCall } from './tool-call.ts';

/** How many of a flow's tasks an unknown id is answered with. */
const NAMED_TASKS = 10;

/**
 * The task. Throws `not_found` for an unknown flow as `findFlow` does, and for an unknown task with the
 * nearest id and the first ids of the flow. Without an id it is the task of a flow that has one; else `invalid_input`.
 */
export async function findTask(
  call: Pick<ToolCall, 'flows' | 'owner'>,
  flowId: FlowId,
  taskId: FlowTaskId | undefined,
): Promise<FlowTask> {
  const flow = await findFlow(call, flowId);
  const { flows, owner } = call;
  if (taskId === undefined) return await onlyTask(flows, flow);
  try {
    return await flows.getTask(flowId, taskId, owner);
  } catch (error) {
    if (!isTaskedError(error) || error.code !== 'not_found') throw error;
    const tasks = await flows.tasksOf(flow, { limit: MAX_TASKS });
    throw withNearestTask(
      error,
      tasks.map(({ id }) => id),
      taskId,
    );
  }
}

async function onlyTask(flows: Flows, flow: Flow) {
  const tasks = await flows.tasksOf(flow, { limit: NAMED_TASKS });
  const [task] = tasks;
  if (flow.taskCount === 1 && task !== undefined) return task;
  const ids = tasks.map(({ id }) => id);
  const message = `flow ${flow.id} has ${flow.taskCount} tasks: say which one with task_id (${ids.join(', ')}${flow.taskCount > ids.length ? ', …' : ''})`;
  throw new TaskedError('invalid_input', message, { details: { task_ids: ids } });
}

function withNearestTask(error: TaskedError, ids: readonly FlowTaskId[], taskId: FlowTaskId) {
  const meant = nearestOf(ids)(taskId);
  const named = ids.slice(0, NAMED_TASKS);
  const more = ids.length - named.length;
  const list = `${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
  const hint =
    meant === undefined ? `its tasks: ${list}` : `did you mean "${meant}"? Its tasks: ${list}`;
  return new TaskedError('not_found', `${error.message}; ${hint}`, {
    details: { ...(meant === undefined ? {} : { did_you_mean: meant }), task_ids: named },
  });
}
