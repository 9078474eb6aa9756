import { expect, test } from 'vitest';
import { MAX_TICK, type Tick } from './ports/work-store.ts';
import { refuseHugeTick } from './tick-limit.ts';

function tick(settlements: number, limit: number): Tick {
  const settle = Array.from({ length: settlements }, (_, index) => ({
    attempt: { flowId: 'f_1', taskId: `t${index}`, fence: 1 },
    kind: 'stopped' as const,
  }));
  return { runnerId: 'r_1', now: 0, settle, claim: { limit, executors: [] } };
}

test('a tick carries and claims up to the limit', () => {
  expect(() => refuseHugeTick(tick(MAX_TICK, MAX_TICK))).not.toThrow();
});

test.each([
  [MAX_TICK + 1, 0],
  [0, MAX_TICK + 1],
])('%i settlements and %i claims', (settle, claim) => {
  expect(() => refuseHugeTick(tick(settle, claim))).toThrow(`not ${MAX_TICK + 1}`);
});
