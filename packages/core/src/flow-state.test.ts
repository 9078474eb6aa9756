import { expect, test } from 'vitest';
import { canFlowGo, FLOW_STATES, isTerminalFlow } from './flow-state.ts';

const PAIRS = FLOW_STATES.flatMap((from) => FLOW_STATES.map((to) => [from, to] as const));

test.each(PAIRS)(
  'a flow that is %s may become %s only when it was running and ends',
  (from, to) => {
    expect(canFlowGo(from, to)).toBe(from === 'running' && to !== 'running');
  },
);

test('only a running flow is not at its end', () => {
  expect(FLOW_STATES.filter((state) => !isTerminalFlow(state))).toEqual(['running']);
});
