import type { FlowId, PruneFlows } from '@tasked/core';
import { expect } from 'vitest';
import type { Workbench } from './workbench.ts';

const DAY_MS = 86_400_000;

/** Prunes for as long as there is more to do, with a retention of a day; returns the flows that went. */
export async function pruneAll(
  at: Workbench,
  fields: Partial<Omit<PruneFlows, 'now'>> = {},
): Promise<readonly FlowId[]> {
  const gone = new Set<FlowId>();
  for (let [calls, goesOn] = [0, true]; goesOn; calls++) {
    expect(calls).toBeLessThan(10_000);
    const prune = { now: at.now, retentionMs: DAY_MS, limit: 100, ...fields };
    const { flowIds, more } = await at.store.pruneFlows(prune);
    for (const flowId of flowIds) gone.add(flowId);
    goesOn = more;
  }
  return [...gone];
}
