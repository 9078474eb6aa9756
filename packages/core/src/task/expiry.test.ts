import { describe, expect, it } from 'vitest';
import { aTask } from '../../test/new-tasks.ts';
import { expiresAt, isExpired, TASK_RETENTION_MS } from './expiry.ts';
import type { Task } from './task.ts';
import { complete } from './transition.ts';

/** Created at 1,000, ended at `now`. */
function ended(ttlMs: number | null, now: number): Task {
  const change = complete(aTask({ ttlMs }), {}, { now });
  return change.kind === 'changed' ? change.task : aTask();
}

describe('a task', () => {
  it('is never over while it lives', () => {
    expect(expiresAt(aTask({ ttlMs: 0 }))).toBeNull();
    expect(isExpired(aTask({ ttlMs: 0 }), Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  it('is kept for its time to live, counted from its creation', () => {
    const long = 10 * TASK_RETENTION_MS;
    expect(expiresAt(ended(long, 2_000))).toBe(1_000 + long);
  });

  it('is kept for an hour after its end at the least', () => {
    expect(expiresAt(ended(0, 2_000))).toBe(2_000 + TASK_RETENTION_MS);
    expect(expiresAt(ended(5_000, 9_000))).toBe(9_000 + TASK_RETENTION_MS);
  });

  it('is kept for ever when it has no time to live', () => {
    expect(expiresAt(ended(null, 2_000))).toBeNull();
  });

  it('is over from that millisecond on', () => {
    const task = ended(0, 2_000);
    expect(isExpired(task, 2_000 + TASK_RETENTION_MS - 1)).toBe(false);
    expect(isExpired(task, 2_000 + TASK_RETENTION_MS)).toBe(true);
  });
});
