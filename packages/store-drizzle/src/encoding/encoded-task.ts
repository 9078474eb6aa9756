import { encodeJson, type FlowTaskId, type NewFlowTask, TaskedError } from '@tasked/core';
import { MAX_FLOW_TASKS } from './flow-task-key.ts';

/** A task with everything in it that is stored as JSON. */
export interface EncodedTask {
  readonly task: NewFlowTask;
  readonly config: string;
  readonly input: string;
  readonly needs: string | null;
  readonly dependents: string | null;
}

/**
 * Does all of the work of a submit that needs no transaction. Throws `invalid_input` for an id that occurs
 * twice, a dependency that is not there or a value that is not JSON, and `limit_exceeded` for more tasks than a flow can number.
 */
export function encodeTasks(tasks: readonly NewFlowTask[]): readonly EncodedTask[] {
  if (tasks.length > MAX_FLOW_TASKS) {
    throw new TaskedError(
      'limit_exceeded',
      `a flow of ${tasks.length} tasks is too large: split it into flows of at most ${MAX_FLOW_TASKS}`,
    );
  }
  const dependents = dependentsOf(tasks);
  return tasks.map((task, index) => ({
    task,
    config: encodeJson(task.config, `the config of task ${task.id}`),
    input: encodeJson(task.input, `the input of task ${task.id}`),
    needs: task.needs.length === 0 ? null : JSON.stringify(task.needs),
    dependents: dependents[index] === undefined ? null : JSON.stringify(dependents[index]),
  }));
}

/** By index: the indexes of the tasks that depend on it. */
function dependentsOf(tasks: readonly NewFlowTask[]): readonly (number[] | undefined)[] {
  const indexes = indexesOf(tasks);
  const dependents: (number[] | undefined)[] = new Array(tasks.length);
  for (const [index, { id, dependsOn }] of tasks.entries()) {
    for (const dependency of dependsOn) {
      const parent = indexes.get(dependency);
      if (parent === undefined) {
        throw new TaskedError(
          'invalid_input',
          `task ${id} depends on ${dependency}, which is missing`,
        );
      }
      dependents[parent] ??= [];
      dependents[parent].push(index);
    }
  }
  return dependents;
}

function indexesOf(tasks: readonly NewFlowTask[]): ReadonlyMap<FlowTaskId, number> {
  const indexes = new Map<FlowTaskId, number>();
  for (const [index, { id }] of tasks.entries()) {
    if (indexes.has(id)) {
      throw new TaskedError('invalid_input', `task ${id} is there twice: give one another id`);
    }
    indexes.set(id, index);
  }
  return indexes;
}
