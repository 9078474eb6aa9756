import { expect, test } from 'vitest';
import { addressOf, inputAt } from './input-address.ts';

const input = { taskId: 'ask', key: 'name' };

test('in a flow of one task the key is enough', () => {
  expect(addressOf({ taskCount: 1 }, input)).toBe('name');
  expect(inputAt('name', 'ask')).toEqual(input);
});

test('in any other flow the task is named too', () => {
  expect(addressOf({ taskCount: 2 }, input)).toBe('ask:name');
  expect(inputAt('ask:name', null)).toEqual(input);
  expect(inputAt('name', null)).toBeNull();
});

test('an address with the task in it is understood in a flow of one task, too', () => {
  expect(inputAt('ask:name', 'ask')).toEqual(input);
});
