import { expect } from 'vitest';
import { newFlow } from '../../builders/new-flow.ts';
import { newQueue } from '../../builders/new-queue.ts';
import { newRunner } from '../../builders/new-runner.ts';
import { newTask } from '../../builders/new-task.ts';
import { expectRejection } from '../../expect-rejection.ts';
import type { StoreCase } from '../store-case.ts';
import { room } from '../test-runner.ts';

/** The end of a store. */
export const closingCases: readonly StoreCase[] = [
  {
    id: 'closing.unavailable',
    title: 'every call to a closed store is refused as unavailable',
    async run(at) {
      const flowId = await at.submit([newTask('a')]);
      const runner = await at.runner();
      const { store, now } = at;
      await store.close();
      const ref = { flowId, taskId: 'a' };
      const holds = { flowId, taskIds: ['a'], now };
      const takeOver = { dead: runner.id, by: runner.id, limit: 1, now };
      const calls: Record<string, () => Promise<unknown>> = {
        createFlow: () => store.createFlow(newFlow()),
        getFlow: () => store.getFlow(flowId, ''),
        listFlows: () => store.listFlows({ owner: '', limit: 1 }),
        getFlowTask: () => store.getFlowTask(ref),
        listFlowTasks: () => store.listFlowTasks({ flowId, limit: 1 }),
        listAttempts: () => store.listAttempts(ref),
        changesSince: () => store.changesSince(flowId, 0),
        cancelFlow: () => store.cancelFlow({ flowId, owner: '', now }),
        addHold: () => store.addHold(holds),
        removeHold: () => store.removeHold(holds),
        listInputs: () => store.listInputs(flowId),
        answerInputs: () => store.answerInputs({ flowId, owner: '', answers: [], now }),
        report: () => store.report({ ...ref, fence: 1 }, {}),
        previewOutputs: () => store.previewOutputs([ref], 10),
        advance: () => runner.advance({ claim: room() }),
        readOutputs: () => store.readOutputs([ref], 10),
        registerRunner: () => store.registerRunner(newRunner()),
        unregisterRunner: () => store.unregisterRunner(runner.id),
        listRunners: () => store.listRunners(),
        lostRunners: () => store.lostRunners(runner.id),
        takeOver: () => store.takeOver(takeOver),
        ensureQueue: () => store.ensureQueue(newQueue()),
        getQueue: () => store.getQueue('default'),
        setQueuePaused: () => store.setQueuePaused('default', true),
      };
      const answered: string[] = [];
      for (const [name, call] of Object.entries(calls)) {
        await expectRejection(call(), 'unavailable').catch(() => answered.push(name));
      }
      expect(answered).toEqual([]);
    },
  },
  {
    id: 'closing.twice',
    title: 'closing twice is allowed, also at once',
    async run(at) {
      await at.submit([newTask('a')]);
      await Promise.all([at.store.close(), at.store.close()]);
      await at.store.close();
    },
  },
  {
    id: 'closing.pending',
    title: 'a call that was under way when the store closed is done or refused, never left hanging',
    async run(at) {
      await at.queue('default');
      const pending = Array.from({ length: 10 }, () => at.store.createFlow(newFlow()));
      const closed = at.store.close();
      const results = await Promise.allSettled(pending);
      await closed;
      for (const result of results) {
        if (result.status === 'fulfilled') expect(result.value.kind).toBe('created');
        else await expectRejection(Promise.reject(result.reason), 'unavailable');
      }
    },
  },
];
