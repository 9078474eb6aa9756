import type { Executor } from '@tasked/core';
import { unknownFieldFaults } from './unknown-fields.ts';

/**
 * Does nothing: every attempt succeeds at once with the task's `input` as its output, null when it has
 * none. For joins, for passing values on, and for measuring what the engine itself costs.
 */
export function noopExecutor(): Executor {
  return {
    type: 'noop',
    check: (config) => unknownFieldFaults(config, { fields: [], synonyms: new Map() }),
    run: async ({ input }) => ({ kind: 'succeeded', output: input }),
  };
}
