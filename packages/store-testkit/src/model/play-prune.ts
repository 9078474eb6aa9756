import assert from 'node:assert/strict';
import type { FlowId, PruneFlows } from '@tasked/core';
import type { ModelFlow } from './model-records.ts';
import type { Stage } from './stage.ts';

/** Forgets what is over, step by step; flows of other sequences may be among it. */
export async function playPrune(
  stage: Stage,
  { retentionMs, limit }: Omit<PruneFlows, 'now'>,
): Promise<void> {
  const { model, store, now } = stage;
  const over = model.prune(retentionMs, now);
  const named = new Set<FlowId>();
  for (let goesOn = true; goesOn; ) {
    const { flowIds, more } = await store.pruneFlows({ now, retentionMs, limit });
    for (const flowId of flowIds) named.add(flowId);
    goesOn = more;
  }
  const ours = stage.forget(named);
  assert.deepEqual(ours.toSorted(), over.map(({ spec }) => spec.id).toSorted(), 'what was pruned');
  for (const flow of over) await assertGone(stage, flow);
  await stage.compare();
}

async function assertGone({ store }: Stage, { spec }: ModelFlow): Promise<void> {
  const refs = spec.tasks.map(({ id }) => ({ flowId: spec.id, taskId: id }));
  const found = {
    flow: await store.getFlow(spec.id, spec.owner),
    changes: await store.changesSince(spec.id, 0),
    tasks: await store.listFlowTasks({ flowId: spec.id, limit: 1_000 }),
    outputs: await store.readOutputs(refs, 1_000_000),
  };
  const outputs = refs.map(() => ({ kind: 'none' }));
  assert.deepEqual(found, { flow: null, changes: null, tasks: [], outputs }, 'what is left');
}
