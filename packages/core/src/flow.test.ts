import { describe, expect, test } from 'vitest';
import { type FlowCounts, flowEnd } from './flow.ts';
import { FLOW_TASK_STATES, isTerminalFlowTask } from './flow-task-state.ts';

const NOTHING = Object.fromEntries(FLOW_TASK_STATES.map((state) => [state, 0])) as FlowCounts;

describe('flowEnd', () => {
  test.each(FLOW_TASK_STATES.filter((state) => !isTerminalFlowTask(state)))(
    'a flow goes on while one task is %s, even when another has failed',
    (state) => {
      expect(flowEnd({ ...NOTHING, succeeded: 5, failed: 1, [state]: 1 }, 1)).toBeNull();
    },
  );

  test.each(FLOW_TASK_STATES.filter(isTerminalFlowTask))(
    'a flow whose tasks are %s ends by whether one failed that was not allowed to',
    (state) => {
      expect(flowEnd({ ...NOTHING, [state]: 2 }, 0)).toBe('succeeded');
      expect(flowEnd({ ...NOTHING, [state]: 2 }, 1)).toBe('failed');
    },
  );

  test('a flow of no tasks has succeeded', () => {
    expect(flowEnd(NOTHING, 0)).toBe('succeeded');
  });
});
