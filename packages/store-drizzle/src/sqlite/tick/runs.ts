import type { Touched } from '@tasked/core';
import { flowKeyOf } from '../flow-task-key.ts';

/** Neighbours in one flow that a tick leaves alike, from `touched.key` to `lastKey`. */
export interface Run {
  readonly touched: Touched<number>;
  lastKey: number;
}

/**
 * Gathers neighbours that are treated alike, so that one statement writes them all: the dependents of a
 * fan-out, or a chain that is skipped, are thousands of them.
 */
export function runsOf(touched: readonly Touched<number>[]): readonly Run[] {
  const runs: Run[] = [];
  for (const next of touched) {
    const run = runs.at(-1);
    if (run !== undefined && next.key === run.lastKey + 1 && isAlike(run.touched, next)) {
      run.lastKey = next.key;
    } else {
      runs.push({ touched: next, lastKey: next.key });
    }
  }
  return runs;
}

function isAlike(a: Touched<number>, b: Touched<number>): boolean {
  return (
    a.outcome === b.outcome &&
    a.cause === b.cause &&
    a.open === b.open &&
    a.failed === b.failed &&
    a.skipped === b.skipped &&
    flowKeyOf(a.key) === flowKeyOf(b.key)
  );
}
