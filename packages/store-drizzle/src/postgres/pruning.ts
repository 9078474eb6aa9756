import type { FlowId, PrunedFlows, PruneFlows } from '@tasked/core';
import type { Database } from './database.ts';

interface Row {
  readonly flow_id: FlowId | null;
  readonly more: boolean | null;
}

/** `FlowStore.pruneFlows`: one call of the function `prune_flows`. */
export async function pruneFlows(
  db: Database,
  { now, retentionMs, limit }: PruneFlows,
): Promise<PrunedFlows> {
  const rows = await db.query<Row>('select * from @prune_flows($1, $2, $3)', [
    now,
    retentionMs,
    limit,
  ]);
  return {
    flowIds: rows.flatMap(({ flow_id: flowId }) => flowId ?? []),
    more: rows.some(({ more }) => more === true),
  };
}
