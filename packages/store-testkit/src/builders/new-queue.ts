import type { NewQueue } from '@tasked/core';

/** A queue for tests: named `default`, without a limit, but for what `fields` says. */
export function newQueue(fields: Partial<NewQueue> = {}): NewQueue {
  return {
    name: 'default',
    concurrency: null,
    defaults: { retries: 0, timeoutMs: null },
    ...fields,
  };
}
