import { LOG_STREAMS } from '@tasked/core';
import { expect } from 'vitest';
import type { LogStoreCase } from '../log-store-case.ts';

const WINDOW = { offset: 0, limit: 100 };

/** Logs go with their flows, and with no others. */
export const logDeletionCases: readonly LogStoreCase[] = [
  {
    id: 'log-deletion.flows',
    title: 'everything that the named flows have logged is gone, and nothing else',
    async run(at) {
      const { flowId } = at.attempt();
      const gone = ['a', 'b'].flatMap((taskId) =>
        [1, 2].map((fence) => ({ flowId, taskId, fence })),
      );
      const alsoGone = at.attempt();
      const kept = at.attempt();
      for (const attempt of [...gone, alsoGone, kept]) {
        for (const stream of LOG_STREAMS) at.print(attempt, 'said', stream);
      }
      await at.logs.flush();
      // Not flushed: what waits to be written does not come back.
      at.print(alsoGone, ' more');
      const unknown = at.attempt().flowId;
      await at.logs.deleteLogs([flowId, alsoGone.flowId, unknown]);
      await at.logs.flush();
      for (const attempt of [...gone, alsoGone]) {
        for (const stream of LOG_STREAMS) {
          expect(await at.logs.read(attempt, stream, WINDOW)).toBeNull();
        }
        const { flowId: id, taskId } = attempt;
        expect(await at.logs.read({ flowId: id, taskId }, 'log', WINDOW)).toBeNull();
      }
      expect(await at.text(kept)).toBe('said');
    },
  },
  {
    id: 'log-deletion.anew',
    title: 'what is logged afterwards begins anew',
    async run(at) {
      const attempt = at.attempt();
      at.print(attempt, 'old');
      await at.logs.deleteLogs([attempt.flowId]);
      at.print(attempt, 'new');
      await at.logs.flush();
      expect(await at.text(attempt)).toBe('new');
    },
  },
  {
    id: 'log-deletion.racers',
    title: 'many may delete the same logs at once, and deleting nothing is allowed',
    async run(at) {
      const attempts = Array.from({ length: 20 }, () => at.attempt());
      for (const attempt of attempts) at.print(attempt, 'x');
      await at.logs.flush();
      const flowIds = attempts.map(({ flowId }) => flowId);
      await Promise.all([1, 2, 3, 4].map(() => at.logs.deleteLogs(flowIds)));
      await at.logs.deleteLogs([]);
      for (const attempt of attempts) {
        expect(await at.logs.read(attempt, 'stdout', WINDOW)).toBeNull();
      }
    },
  },
];
