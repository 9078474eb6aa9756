import type { EpochMs, PrunedFlows, PruneFlows } from '@tasked/core';
import type { FlowRecord } from './flow-record.ts';
import type { Tables } from './tables.ts';

/** Forgets flows whose time is over, at once and whole; see `FlowStore.pruneFlows`. */
export function pruneFlows(tables: Tables, { now, retentionMs, limit }: PruneFlows): PrunedFlows {
  const over: FlowRecord[] = [];
  for (const flow of tables.ended.until(now - retentionMs)) {
    if (!mayGo(flow, now)) continue;
    over.push(flow);
    if (over.length === limit) break;
  }
  for (const flow of over) forget(tables, flow);
  return { flowIds: over.map(({ id }) => id), more: over.length === limit };
}

function mayGo({ createdAt, ttlMs, counts, tasks }: FlowRecord, now: EpochMs): boolean {
  if (createdAt + (ttlMs ?? 0) > now) return false;
  return counts.cancelled === 0 || tasks.every(({ holder }) => holder === null);
}

function forget(tables: Tables, flow: FlowRecord): void {
  tables.ended.delete(flow);
  tables.flows.delete(flow.id);
  const owner = tables.owners.get(flow.owner);
  owner?.flows.delete(flow);
  const { idempotencyKey: key } = flow;
  if (key !== null && owner?.keys.get(key)?.flowId === flow.id) owner.keys.delete(key);
  if (owner?.flows.size === 0) tables.owners.delete(flow.owner);
}
