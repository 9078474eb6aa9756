import { TASK_RETENTION_MS } from '@tasked/core';
import { expect, it } from 'vitest';
import { retainHours, retentionMs } from './retention.ts';

it('flows are kept no shorter than tasks are promised to be', () => {
  expect(retentionMs(retainHours('1'))).toBe(TASK_RETENTION_MS);
  expect(() => retainHours('0')).toThrow('1 to 1000000');
});

it.each(['', '-1', '1.5', '1e3', 'x', '1000001'])('%o is no number of hours', (text) => {
  expect(() => retainHours(text)).toThrow('whole number');
});
