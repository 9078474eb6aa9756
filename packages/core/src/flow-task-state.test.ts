import { expect, test } from 'vitest';
import { canFlowTaskGo, FLOW_TASK_STATES, isTerminalFlowTask } from './flow-task-state.ts';

const LEGAL = new Set([
  'blocked → ready',
  'blocked → delayed',
  'blocked → skipped',
  'blocked → cancelled',
  'delayed → ready',
  'delayed → cancelled',
  'ready → running',
  'ready → cancelled',
  'running → succeeded',
  'running → failed',
  'running → skipped',
  'running → cancelled',
  'running → waiting',
  'running → delayed',
  'running → ready',
  'waiting → ready',
  'waiting → cancelled',
]);

const PAIRS = FLOW_TASK_STATES.flatMap((from) => FLOW_TASK_STATES.map((to) => [from, to] as const));

test.each(PAIRS)(
  'a task that is %s may become %s only if the machine has that arrow',
  (from, to) => {
    expect(canFlowTaskGo(from, to)).toBe(LEGAL.has(`${from} → ${to}`));
  },
);

test('nothing leaves the four ends, something leaves every other state', () => {
  expect(FLOW_TASK_STATES.filter(isTerminalFlowTask)).toEqual([
    'succeeded',
    'failed',
    'cancelled',
    'skipped',
  ]);
});

test('whatever lives can be cancelled', () => {
  const alive = FLOW_TASK_STATES.filter((state) => !isTerminalFlowTask(state));
  expect(alive.every((state) => canFlowTaskGo(state, 'cancelled'))).toBe(true);
});
