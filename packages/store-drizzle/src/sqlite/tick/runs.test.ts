import type { Touched } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import { endOfFlow, flowTaskKey } from '../flow-task-key.ts';
import { runsOf } from './runs.ts';

const READY = { open: 0, failed: 0, skipped: 0, outcome: 'ready', cause: null } as const;

describe('runs', () => {
  it('gather neighbours that are alike', () => {
    const touched = [5, 6, 7, 9, 10, 3].map((key) => ({ key, ...READY }));
    expect(spans(touched)).toEqual([
      [5, 7],
      [9, 10],
      [3, 3],
    ]);
  });

  it.each<Partial<Touched<number>>>([
    { open: 1 },
    { failed: 1 },
    { skipped: 1 },
    { outcome: 'blocked' },
    { cause: 'upstream_failed' },
  ])('keep apart what differs by %j', (difference) => {
    const touched = [
      { key: 1, ...READY },
      { key: 2, ...READY, ...difference },
    ];
    expect(spans(touched)).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('never reach from one flow into the next', () => {
    const last = endOfFlow(1) - 1;
    const touched = [last, flowTaskKey(2, 0)].map((key) => ({ key, ...READY }));
    expect(spans(touched)).toHaveLength(2);
  });
});

function spans(touched: readonly Touched<number>[]) {
  return runsOf(touched).map((run) => [run.touched.key, run.lastKey]);
}
