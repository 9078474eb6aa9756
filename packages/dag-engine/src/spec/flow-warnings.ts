import { setImmediate as turn } from 'node:timers/promises';
import type { Executor, NewFlow, NewFlowTask, Warning } from '@tasked/core';

/** Most warnings that are told of one flow. */
const MAX_WARNINGS = 10;

/** After so many tasks others get their turn: a flow may have thousands. */
const TASKS_A_TURN = 100;

/**
 * What the executors warn of, paths from the flow down. What many tasks have in common is told once, for the
 * first of them; of different warnings the first 10 are told. A warning that cannot be had is none.
 */
export async function flowWarnings(
  { tasks }: Pick<NewFlow, 'tasks'>,
  executors: ReadonlyMap<string, Executor>,
): Promise<readonly Warning[]> {
  const found = new Map<string, { readonly warning: Warning; tasks: number }>();
  for (const [index, task] of tasks.entries()) {
    if (index % TASKS_A_TURN === TASKS_A_TURN - 1) await turn();
    for (const { path, message } of await warningsOf(task, executors)) {
      const known = found.get(message);
      if (known !== undefined) known.tasks += 1;
      else if (found.size === MAX_WARNINGS) return [...told(found), FURTHER];
      else found.set(message, { warning: { path: `tasks[${index}].${path}`, message }, tasks: 1 });
    }
  }
  return told(found);
}

const FURTHER: Warning = { path: 'tasks', message: 'there are further warnings; mend these first' };

async function warningsOf(
  task: NewFlowTask,
  executors: ReadonlyMap<string, Executor>,
): Promise<readonly Warning[]> {
  try {
    return (await executors.get(task.executor)?.warn?.(task)) ?? [];
  } catch {
    return [];
  }
}

function told(
  found: ReadonlyMap<string, { readonly warning: Warning; readonly tasks: number }>,
): readonly Warning[] {
  return [...found.values()].map(({ warning, tasks }) =>
    tasks === 1
      ? warning
      : { ...warning, message: `${warning.message} (${tasks} times in this flow)` },
  );
}
