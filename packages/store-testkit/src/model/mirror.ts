import assert from 'node:assert/strict';
import {
  type ChangedFlow,
  FLOW_TASK_STATES,
  type Flow,
  type FlowTask,
  type FlowTaskState,
  type OutstandingInput,
  type Store,
} from '@tasked/core';
import type { ModelFlow, ModelTask } from './model-records.ts';

/** What a store says of one flow, read by `changesSince` alone and compared with the model at every step. */
export class Mirror {
  readonly model: ModelFlow;
  readonly tasks = new Map<string, FlowTask>();
  flow: Flow | null = null;
  readonly #store: Store;
  #seen: readonly string[] = [];
  #asked = '[]';

  constructor(store: Store, model: ModelFlow) {
    this.#store = store;
    this.model = model;
  }

  /**
   * Reads what one commit changed: it MUST be what changed in the model, no task more, under the next
   * `rev`. Returns how the commit should tell of it; null when the flow did not change.
   */
  async follow(): Promise<ChangedFlow | null> {
    const { model, flow: before } = this;
    const now = model.tasks.map((task) =>
      JSON.stringify([shown(task), task.reports, [...task.inputs]]),
    );
    const changed = model.tasks.filter((task) => now[task.index] !== this.#seen[task.index]);
    const rose = before === null || before.state !== model.state || changed.length > 0;
    const read = await this.#store.changesSince(model.spec.id, before?.rev ?? 0);
    assert.ok(read !== null, `flow ${model.spec.id} is not there`);
    if (!rose) {
      assert.deepEqual(read, { flow: before, tasks: [] }, `flow ${model.spec.id} did not change`);
      return null;
    }
    const rev = (before?.rev ?? 0) + 1;
    assert.deepEqual(
      read.tasks.map((task) => ({ id: task.id, rev: task.rev, ...told(task) })),
      changed.map((task) => ({ id: task.spec.id, rev, ...shown(task) })),
      `what changed in flow ${model.spec.id}`,
    );
    assert.deepEqual(read.flow, { ...read.flow, rev, ...summary(model) });
    for (const task of read.tasks) this.tasks.set(task.id, task);
    this.flow = read.flow;
    await this.#followInputs();
    this.#seen = now;
    return { flowId: model.spec.id, rev, ended: model.state !== 'running' };
  }

  /** What the flow asks for MUST be what the model asks for, in its order; read when that changed. */
  async #followInputs(): Promise<void> {
    const expected = outstandingOf(this.model);
    const now = JSON.stringify(expected);
    if (now === this.#asked) return;
    const listed = await this.#store.listInputs(this.model.spec.id);
    assert.deepEqual(listed, expected, 'what is asked for');
    this.#asked = now;
  }
}

/** What the tasks of a flow ask for, in order. */
export function outstandingOf({ tasks }: ModelFlow): readonly OutstandingInput[] {
  return tasks.filter(({ state }) => state === 'waiting').flatMap(outstanding);
}

function outstanding({ spec, inputs, availableAt }: ModelTask): readonly OutstandingInput[] {
  return [...inputs]
    .filter(([, { isOpen }]) => isOpen)
    .map(([key, { request }]) => ({ taskId: spec.id, key, request, deadlineAt: availableAt }));
}

/** What of a task is compared at every step. The fence of a cancelled one may rise unseen: a take-over. */
function shown(task: ModelTask): Partial<FlowTask> {
  const { state, cause, attempt, attempts, failure } = task;
  const fence = state === 'cancelled' ? -1 : attempts.length;
  const availableAt = state === 'delayed' || state === 'waiting' ? task.availableAt : null;
  const progress = state === 'running' ? task.progress : null;
  return { state, cause, attempt, fence, failure, availableAt, progress };
}

function told(task: FlowTask): Partial<FlowTask> {
  const { state, cause, attempt, failure, availableAt, progress } = task;
  const fence = state === 'cancelled' ? -1 : task.fence;
  return { state, cause, attempt, fence, failure, availableAt, progress };
}

function summary({ spec, state, tasks, endedAt }: ModelFlow): Partial<Flow> {
  const none = FLOW_TASK_STATES.map((one) => [one, 0]);
  const counts = Object.fromEntries(none) as Record<FlowTaskState, number>;
  for (const task of tasks) counts[task.state] += 1;
  return {
    id: spec.id,
    state,
    queue: spec.queue,
    failFast: spec.failFast,
    ttlMs: spec.ttlMs,
    endedAt,
    counts,
    taskCount: tasks.length,
    inputCount: tasks.reduce((count, { inputs }) => count + inputs.size, 0),
    fatalCount: tasks.filter((task) => task.fatal).length,
  };
}
