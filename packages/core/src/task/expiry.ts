import type { EpochMs } from '../ids.ts';
import type { Task } from './task.ts';

/** A task that has ended is kept for at least an hour, however short its time to live: 3,600,000 ms. */
export const TASK_RETENTION_MS = 3_600_000;

/**
 * From when on a task is as absent, and may be removed: when its time to live is over, counted from its creation,
 * and it ended an hour ago. Null while it lives, because work that goes on is never removed, and for one that
 * is to be kept for ever.
 */
export function expiresAt(task: Task): EpochMs | null {
  if (task.outcome === null || task.ttlMs === null) return null;
  return Math.max(task.createdAt + task.ttlMs, task.lastUpdatedAt + TASK_RETENTION_MS);
}

/** True when a task is as absent at `now`, whether or not it has been removed. */
export function isExpired(task: Task, now: EpochMs): boolean {
  const at = expiresAt(task);
  return at !== null && at <= now;
}
