import { FLOW_STATES, FLOW_TASK_STATES, TRIGGER_RULES } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import {
  attemptEndOf,
  CAUSE,
  causeOf,
  END,
  FLOW,
  flowStateOf,
  RULE,
  ruleOf,
  TASK,
  taskStateOf,
} from './codes.ts';

describe('codes', () => {
  it.each([
    ['task states', TASK, taskStateOf],
    ['flow states', FLOW, flowStateOf],
    ['rules', RULE, ruleOf],
    ['causes', CAUSE, causeOf],
    ['attempt ends', END, attemptEndOf],
  ] as const)('of %s lead back to their words', (_, codes, wordOf) => {
    for (const [word, code] of Object.entries(codes)) expect(wordOf(code)).toBe(word);
    expect(new Set(Object.values(codes)).size).toBe(Object.keys(codes).length);
  });

  it('cover every word of the model', () => {
    expect(Object.keys(TASK).sort()).toEqual([...FLOW_TASK_STATES].sort());
    expect(Object.keys(FLOW).sort()).toEqual([...FLOW_STATES].sort());
    expect(Object.keys(RULE).sort()).toEqual([...TRIGGER_RULES].sort());
  });

  it('never change, since they stand in data files', () => {
    expect(Object.values(TASK)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect([TASK.delayed, TASK.ready, TASK.skipped]).toEqual([1, 2, 8]);
    expect([FLOW.succeeded, RULE.all_done, CAUSE.nothing_failed, END.lost]).toEqual([1, 3, 2, 6]);
  });
});
