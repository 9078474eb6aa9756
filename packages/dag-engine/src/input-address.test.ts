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

test('a key may have colons, a task id has none', () => {
  const deep = { taskId: 'ask', key: 'file:1:name' };
  expect(inputAt(addressOf({ taskCount: 2 }, deep), null)).toEqual(deep);
  expect(inputAt(addressOf({ taskCount: 1 }, deep), 'ask')).toEqual(deep);
});
