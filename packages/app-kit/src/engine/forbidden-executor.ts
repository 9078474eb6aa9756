import type { Executor } from '@tasked/core';

/**
 * Stands for an executor that the operator has not allowed: every submit that names it is refused, and says
 * why. It is not to be given to a runner.
 */
export function forbiddenExecutor(type: string, howToAllow: string): Executor {
  const message = `${type} tasks are not allowed on this server; ${howToAllow}`;
  return {
    type,
    // Otherwise what is wrong inside a task that is refused anyway would be told as well.
    rawFields: ['command'],
    check: () => [{ path: '', message }],
    run: async () => ({
      kind: 'failed',
      failure: { code: 'forbidden', message, retryable: false },
    }),
  };
}
