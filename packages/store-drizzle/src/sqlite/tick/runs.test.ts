import { describe, expect, it } from 'vitest';
import { endOfFlow, flowTaskKey } from '../../encoding/flow-task-key.ts';
import { runsOf } from './runs.ts';

interface Task {
  readonly key: number;
  readonly kind: string;
}

describe('runs', () => {
  it('gather neighbours', () => {
    expect(spans([5, 6, 7, 9, 10, 3].map((key) => ({ key, kind: 'a' })))).toEqual([
      [5, 7],
      [9, 10],
      [3, 3],
    ]);
  });

  it('keep apart what is not alike', () => {
    const tasks = ['a', 'a', 'b', 'a'].map((kind, key) => ({ key, kind }));
    expect(spans(tasks)).toEqual([
      [0, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('never reach from one flow into the next', () => {
    const last = endOfFlow(1) - 1;
    const tasks = [last, flowTaskKey(2, 0)].map((key) => ({ key, kind: 'a' }));
    expect(spans(tasks)).toHaveLength(2);
  });
});

function spans(tasks: readonly Task[]) {
  return runsOf(tasks, (a, b) => a.kind === b.kind).map(({ first, lastKey }) => [
    first.key,
    lastKey,
  ]);
}
