import type { FlowId } from '@tasked/core';
import { expect } from 'vitest';
import type { Workbench } from './workbench.ts';

/** Fails when any call finds anything of a flow with tasks `a` and `b`. */
export async function seesNothingOf(at: Workbench, flowId: FlowId): Promise<void> {
  const { store } = at;
  const refs = ['a', 'b', 't0'].map((taskId) => ({ flowId, taskId }));
  expect(await store.getFlow(flowId, '')).toBeNull();
  expect(await store.changesSince(flowId, 0)).toBeNull();
  expect(await at.tasks(flowId)).toEqual([]);
  expect(await store.listInputs(flowId)).toEqual([]);
  const listed = await store.listFlows({ owner: '', limit: 1_000 });
  expect(listed.map(({ id }) => id)).not.toContain(flowId);
  for (const ref of refs) {
    expect(await store.getFlowTask(ref)).toBeNull();
    expect(await store.listAttempts(ref)).toEqual([]);
  }
  expect(await store.readOutputs(refs, 1_000)).toEqual(refs.map(() => ({ kind: 'none' })));
  expect(await store.previewOutputs(refs, 10)).toEqual(refs.map(() => null));
}

/** Fails when anything is missing of a flow whose tasks `a` and `b` have succeeded. */
export async function seesWhole(at: Workbench, flowId: FlowId): Promise<void> {
  const refs = ['a', 'b'].map((taskId) => ({ flowId, taskId }));
  expect(await at.states(flowId)).toEqual({ a: 'succeeded', b: 'succeeded' });
  expect((await at.flow(flowId)).taskCount).toBe(2);
  const outputs = await at.store.readOutputs(refs, 1_000);
  expect(outputs).toEqual(refs.map(() => ({ kind: 'output', value: 'out' })));
  const attempts = await Promise.all(refs.map((ref) => at.store.listAttempts(ref)));
  expect(attempts.map(({ length }) => length)).toEqual([2, 1]);
}
