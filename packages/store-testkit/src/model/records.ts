import assert from 'node:assert/strict';
import type { Attempt, Flow, FlowTask, OutstandingInput, StoredOutput } from '@tasked/core';
import { type Mirror, outstandingOf } from './mirror.ts';
import type { ModelTask } from './model-records.ts';
import type { Stage } from './stage.ts';

/** All that a store says of one flow. */
export interface Records {
  readonly flow: Flow | null;
  readonly tasks: readonly FlowTask[];
  readonly attempts: readonly (readonly Attempt[])[];
  readonly outputs: readonly StoredOutput[];
  readonly inputs: readonly OutstandingInput[];
}

/** Reads every flow of a sequence as a whole, and compares it with the model and with the mirror. */
export async function readRecords(stage: Stage): Promise<readonly Records[]> {
  const records: Records[] = [];
  for (const mirror of stage.mirrors) records.push(await readFlow(stage, mirror));
  return records;
}

async function readFlow({ store }: Stage, mirror: Mirror): Promise<Records> {
  const { spec, tasks: model } = mirror.model;
  const refs = spec.tasks.map(({ id }) => ({ flowId: spec.id, taskId: id }));
  const flow = await store.getFlow(spec.id, spec.owner);
  const tasks = await store.listFlowTasks({ flowId: spec.id, limit: 1_000 });
  const outputs = await store.readOutputs(refs, 1_000_000);
  const inputs = await store.listInputs(spec.id);
  const attempts: (readonly Attempt[])[] = [];
  for (const ref of refs) attempts.push(await store.listAttempts(ref));
  assert.deepEqual(flow, mirror.flow, 'the flow, read whole');
  const fences = new Map(model.map((task) => [task.spec.id, task.attempts.length]));
  const mirrored = spec.tasks.map(({ id }) => ({ ...mirror.tasks.get(id), fence: fences.get(id) }));
  assert.deepEqual(tasks, mirrored, 'the tasks, read whole');
  assert.deepEqual(outputs, model.map(outputOf), 'the outputs');
  assert.deepEqual(attempts.map(shownAttempts), model.map(attemptsOf), 'the attempts');
  assert.deepEqual(inputs, outstandingOf(mirror.model), 'what is asked for, in the end');
  return { flow, tasks, attempts, outputs, inputs };
}

function outputOf({ output }: ModelTask): StoredOutput {
  return output === undefined ? { kind: 'none' } : { kind: 'output', value: output };
}

function attemptsOf({ attempts }: ModelTask): readonly object[] {
  return attempts.map((attempt, index) => ({ fence: index + 1, ...attempt }));
}

function shownAttempts(attempts: readonly Attempt[]): readonly object[] {
  return attempts.map(({ fence, runnerId, end, failure, endedAt }) => {
    assert.equal(endedAt === null, end === null, 'an attempt has an end when it ended');
    return { fence, runnerId, end, failure };
  });
}
