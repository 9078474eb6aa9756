import { expect, it } from 'vitest';
import {
  endOfFlow,
  flowKeyOf,
  flowTaskIndexOf,
  flowTaskKey,
  MAX_FLOW_TASKS,
} from './flow-task-key.ts';

const LAST_FLOW = 2 ** 33 - 2;

it.each([
  [0, 0],
  [1, 7],
  [4_096, MAX_FLOW_TASKS - 1],
  [LAST_FLOW, MAX_FLOW_TASKS - 1],
])('the key of flow %d, task %d says both', (flowKey, index) => {
  const key = flowTaskKey(flowKey, index);
  expect(Number.isSafeInteger(key)).toBe(true);
  expect([flowKeyOf(key), flowTaskIndexOf(key)]).toEqual([flowKey, index]);
});

it('the tasks of a flow are a range of keys', () => {
  expect(endOfFlow(5)).toBe(flowTaskKey(6, 0));
  expect(flowTaskKey(5, MAX_FLOW_TASKS - 1)).toBe(endOfFlow(5) - 1);
});
