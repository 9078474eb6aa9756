import assert from 'node:assert/strict';
import type { Claim, ClaimedAttempt, Resume, RunnerId } from '@tasked/core';
import type { ModelTask } from './model-records.ts';
import type { Stage } from './stage.ts';

/** What a store handed out, and to whom. */
export interface HandedOut {
  readonly runnerId: RunnerId;
  readonly claim: Claim;
  readonly claimed: readonly ClaimedAttempt[];
}

/**
 * Checks that a store handed out as many tasks as it could, of the best priorities, and nothing that may
 * not start; gives them to the runner in the model. Returns whether there is more.
 */
export function checkClaims(stage: Stage, { runnerId, claim, claimed }: HandedOut): boolean {
  const { model } = stage;
  const most = model.claimable(claim);
  const best = most.slice(0, claim.limit).map(({ spec }) => spec.priority);
  const tasks = claimed.map(({ ref }) => stage.task(ref));
  const priorities = tasks.map(({ spec }) => spec.priority).sort((a, b) => a - b);
  assert.deepEqual(priorities, best, 'the priorities of what was handed out');
  for (const [number, task] of tasks.entries()) {
    assert.ok(mayStart(stage, task, claim), `task ${task.spec.id} was handed out`);
    model.give(task, runnerId);
    assert.deepEqual(claimed[number], handOut(task));
  }
  for (const task of tasks) checkIndex(stage, task);
  for (const [name, { concurrency }] of model.queues) {
    const slots = model.tasks(({ flow, held }) => flow.spec.queue === name && held !== undefined);
    const before = slots.length - tasks.filter(({ flow }) => flow.spec.queue === name).length;
    assert.ok(slots.length <= Math.max(before, concurrency), `queue ${name} is over its limit`);
  }
  return most.length > claim.limit;
}

function mayStart({ model }: Stage, { state, spec, flow }: ModelTask, claim: Claim): boolean {
  const { queue } = flow.spec;
  const wanted = claim.queues?.includes(queue) ?? true;
  const open = model.queues.get(queue)?.paused === false;
  return state === 'ready' && wanted && open && claim.executors.includes(spec.executor);
}

/** Among equals of one flow the lower index starts first. */
function checkIndex({ model }: Stage, task: ModelTask): void {
  const { executor, priority } = task.spec;
  const [passedOver] = model.tasks(
    ({ flow, spec, state, index }) =>
      flow === task.flow &&
      spec.executor === executor &&
      spec.priority === priority &&
      state === 'ready' &&
      index < task.index,
  );
  assert.equal(passedOver?.spec.id, undefined, `handed out before ${task.spec.id}`);
}

function handOut(task: ModelTask): ClaimedAttempt {
  const { flow, spec, attempt, attempts } = task;
  return {
    ref: { flowId: flow.spec.id, taskId: spec.id, fence: attempts.length },
    attempt,
    owner: flow.spec.owner,
    queue: flow.spec.queue,
    executor: spec.executor,
    config: spec.config,
    input: spec.input,
    needs: spec.needs,
    retry: spec.retry,
    timeoutMs: spec.timeoutMs,
    resume: resumeOf(task),
  };
}

function resumeOf({ inputs, saved }: ModelTask): Resume | null {
  if (inputs.size === 0 && saved === null) return null;
  const all = [...inputs];
  const answered = all.flatMap(([key, { answer }]) =>
    answer === undefined ? [] : [[key, answer] as const],
  );
  const expired = all.filter(([, { answer }]) => answer === undefined).map(([key]) => key);
  return { answers: Object.fromEntries(answered), expired, saved };
}
