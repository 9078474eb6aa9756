import type { TaskView } from './task-view.ts';

/** True when whoever has `seen` a task would see something else in it now. */
export function hasChanged(seen: TaskView, now: TaskView): boolean {
  return (
    seen.status !== now.status ||
    seen.statusMessage !== now.statusMessage ||
    !isSameSet(Object.keys(seen.inputRequests), Object.keys(now.inputRequests))
  );
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key) => other.includes(key));
}
