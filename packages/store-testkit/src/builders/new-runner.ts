import { type NewRunner, randomIds } from '@tasked/core';

/** A runner for tests: this process, registered at 0 under a fresh id, but for what `fields` says. */
export function newRunner(fields: Partial<NewRunner> = {}): NewRunner {
  return {
    id: randomIds.runnerId(),
    name: 'test',
    host: 'localhost',
    pid: process.pid,
    registeredAt: 0,
    ...fields,
  };
}
