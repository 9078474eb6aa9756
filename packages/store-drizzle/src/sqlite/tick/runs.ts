import { flowKeyOf } from '../../encoding/flow-task-key.ts';

/** Neighbours in one flow that a tick treats alike, from `first.key` to `lastKey`. */
export interface Run<Task> {
  readonly first: Task;
  lastKey: number;
}

/**
 * Gathers neighbours that are treated alike, so that one statement writes them all: the tasks of a
 * fan-out, or a chain that is skipped, are thousands of them.
 */
export function runsOf<Task extends { readonly key: number }>(
  tasks: readonly Task[],
  isAlike: (a: Task, b: Task) => boolean,
): readonly Run<Task>[] {
  const runs: Run<Task>[] = [];
  for (const next of tasks) {
    const run = runs.at(-1);
    if (run !== undefined && continues(run, next) && isAlike(run.first, next)) {
      run.lastKey = next.key;
    } else {
      runs.push({ first: next, lastKey: next.key });
    }
  }
  return runs;
}

function continues(run: Run<{ readonly key: number }>, { key }: { readonly key: number }): boolean {
  return key === run.lastKey + 1 && flowKeyOf(key) === flowKeyOf(run.first.key);
}
