import { type ErrorCode, isTaskedError } from '@tasked/core';
import { expect } from 'vitest';

/** Passes when `call` rejects with a `TaskedError` of that code. */
export async function expectRejection(call: Promise<unknown>, code: ErrorCode): Promise<void> {
  const error = await call.then(
    () => expect.fail(`expected a rejection with ${code}`),
    (reason: unknown) => reason,
  );
  if (!isTaskedError(error)) throw error;
  expect(error.code, error.message).toBe(code);
}
