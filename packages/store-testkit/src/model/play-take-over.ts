import assert from 'node:assert/strict';
import type { RunnerId } from '@tasked/core';
import type { Stage } from './stage.ts';

/** A runner looks for dead ones and takes over up to `limit` attempts of each. */
export async function playTakeOver(stage: Stage, by: RunnerId, limit: number): Promise<void> {
  const { model, store, now } = stage;
  const lost = (await store.lostRunners(by)).toSorted();
  const left = stage.dead.filter((dead) => stage.held(dead).length > 0);
  assert.deepEqual(lost, left.toSorted(), 'the dead runners');
  for (const dead of lost) {
    const held = stage.held(dead);
    const taken = await store.takeOver({ dead, by, limit, now });
    assert.equal(taken.length, Math.min(limit, held.length), 'how many attempts were taken');
    for (const attempt of taken) {
      const task = stage.task(attempt.ref);
      const lostFence = task.attempts.length;
      assert.equal(task.held?.runnerId, dead, 'whose attempt was taken');
      model.give(task, by);
      assert.deepEqual(attempt, {
        ref: { ...attempt.ref, fence: lostFence + 1 },
        lostFence,
        attempt: task.attempt,
        executor: task.spec.executor,
        config: task.spec.config,
        retry: task.spec.retry,
        cancelled: task.state === 'cancelled',
      });
    }
    await stage.compare();
  }
}
