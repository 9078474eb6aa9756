import type { EpochMs } from '@tasked/core';

const SHORTEST_MS = 1_000;
const LONGEST_MS = 10_000;

/**
 * How often whoever waits for a task should ask, in milliseconds: a tenth of its age, from one second to ten, so that
 * a short task is not waited for in vain and a long one does not cost its client a request a second.
 */
export function pollIntervalMs(createdAt: EpochMs, now: EpochMs): number {
  const tenth = Math.round((now - createdAt) / 10);
  return Math.min(Math.max(tenth, SHORTEST_MS), LONGEST_MS);
}
