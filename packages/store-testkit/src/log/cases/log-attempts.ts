import { LOG_STREAMS } from '@tasked/core';
import { expect } from 'vitest';
import type { LogStoreCase } from '../log-store-case.ts';

/** Whose log it is: flows, tasks, attempts and streams are kept apart. */
export const logAttemptCases: readonly LogStoreCase[] = [
  {
    id: 'log-attempts.nothing-logged',
    title: 'where nothing was logged there is nothing: no error, and no empty log',
    async run(at) {
      const attempt = at.attempt();
      const window = { offset: 0, limit: 10 };
      await at.logs.flush();
      expect(await at.logs.read(attempt, 'stdout', window)).toBeNull();
      at.print(attempt, 'x');
      await at.logs.flush();
      const { flowId, taskId } = attempt;
      expect(await at.logs.read({ flowId, taskId, fence: 2 }, 'stdout', window)).toBeNull();
      expect(await at.logs.read({ flowId, taskId: 'b' }, 'stdout', window)).toBeNull();
      const tail = { tailLines: 5, limit: 10 };
      expect(await at.logs.read(at.attempt(), 'stdout', tail)).toBeNull();
    },
  },
  {
    id: 'log-attempts.streams',
    title: 'streams are kept apart',
    async run(at) {
      const attempt = at.attempt();
      for (const stream of LOG_STREAMS) at.print(attempt, `${stream}, part one; `, stream);
      for (const stream of LOG_STREAMS) at.print(attempt, `${stream}, part two`, stream);
      await at.logs.flush();
      for (const stream of LOG_STREAMS) {
        const text = await at.text(attempt, { offset: 0, limit: 100 }, stream);
        expect(text).toBe(`${stream}, part one; ${stream}, part two`);
      }
    },
  },
  {
    id: 'log-attempts.latest',
    title: 'without a fence the last attempt that logged is read, by number and not as text',
    async run(at) {
      const { flowId, taskId } = at.attempt();
      for (const fence of [1, 2, 9, 10, 11]) {
        at.print({ flowId, taskId, fence }, `attempt ${fence}`);
        await at.logs.flush();
        expect((await at.read({ flowId, taskId })).fence).toBe(fence);
        expect(await at.text({ flowId, taskId })).toBe(`attempt ${fence}`);
      }
      for (const fence of [1, 2, 9, 10, 11]) {
        expect(await at.text({ flowId, taskId, fence })).toBe(`attempt ${fence}`);
      }
    },
  },
  {
    id: 'log-attempts.quiet-stream',
    title: 'a stream on which the last attempt that logged said nothing is empty',
    async run(at) {
      const { flowId, taskId } = at.attempt();
      at.print({ flowId, taskId, fence: 1 }, 'old error', 'stderr');
      at.print({ flowId, taskId, fence: 2 }, 'going well', 'stdout');
      await at.logs.flush();
      const quiet = await at.read({ flowId, taskId }, { offset: 0, limit: 10 }, 'stderr');
      expect([quiet.bytes.length, quiet.offset, quiet.total, quiet.fence]).toEqual([0, 0, 0, 2]);
    },
  },
  {
    id: 'log-attempts.apart',
    title: 'logs of other flows and of tasks with similar ids do not mix',
    async run(at) {
      const one = at.attempt();
      const others = ['a-1', 'A', '-', '_', 'a_', '__proto__'].map((taskId) => ({
        ...one,
        taskId,
      }));
      const all = [one, ...others, at.attempt(), { ...one, fence: 11 }, { ...one, fence: 12 }];
      for (const [number, attempt] of all.entries()) at.print(attempt, `log ${number}`);
      await at.logs.flush();
      for (const [number, attempt] of all.entries()) {
        expect(await at.text(attempt)).toBe(`log ${number}`);
      }
    },
  },
  {
    id: 'log-attempts.many',
    title: 'the logs of 500 attempts that print in turn come back whole',
    async run(at) {
      const attempts = Array.from({ length: 500 }, () => at.attempt());
      for (let round = 0; round < 5; round++) {
        for (const attempt of attempts) at.print(attempt, `${round} of ${attempt.flowId}\n`);
      }
      await at.logs.flush();
      for (const attempt of attempts) {
        const lines = [0, 1, 2, 3, 4].map((round) => `${round} of ${attempt.flowId}\n`);
        expect(await at.text(attempt)).toBe(lines.join(''));
      }
    },
  },
];
