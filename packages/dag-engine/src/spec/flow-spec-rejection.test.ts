import { isTaskedError } from '@tasked/core';
import { expect, test } from 'vitest';
import { rejectionError } from './flow-spec-rejection.ts';

const fault = (index: number) => ({ path: `tasks[${index}].id`, message: 'is missing' });

test('the error says what is wrong where, and carries every fault', () => {
  const faults = [
    { ...fault(0), didYouMean: 'b' },
    { path: '', message: 'x' },
  ];
  const error = rejectionError({ kind: 'rejected', code: 'invalid_input', faults });
  expect(isTaskedError(error)).toBe(true);
  expect(error).toMatchObject({
    code: 'invalid_input',
    message: 'the flow was not accepted: tasks[0].id: is missing (did you mean "b"?); x',
    details: { faults },
  });
});

test('its message stops after three faults', () => {
  const faults = [0, 1, 2, 3, 4].map(fault);
  const error = rejectionError({ kind: 'rejected', code: 'limit_exceeded', faults });
  expect(error.message).toMatch(/tasks\[2\]\.id: is missing; and 2 more$/);
});
