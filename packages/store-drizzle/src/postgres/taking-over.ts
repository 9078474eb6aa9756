import {
  type ChangedFlow,
  type FlowId,
  type JsonObject,
  type TakenAttempt,
  type TakeOver,
  TaskedError,
} from '@tasked/core';
import type { Database } from './database.ts';

interface Row {
  readonly kind: 'taken' | 'changed' | 'stranger';
  readonly flow_id: FlowId;
  readonly task_id: string;
  readonly lost_fence: number;
  readonly attempt_no: number;
  readonly executor: string;
  readonly config: string;
  readonly retries: number;
  readonly backoff_ms: number;
  readonly max_backoff_ms: number;
  readonly cancelled: boolean;
  readonly flow_rev: number;
  readonly flow_ended: boolean;
}

/** What moved, and which flows that changed. */
export interface TakenOver {
  readonly taken: readonly TakenAttempt[];
  readonly changed: readonly ChangedFlow[];
}

/** `WorkStore.takeOver`. */
export async function takeOver(
  db: Database,
  { dead, by, limit, now }: TakeOver,
): Promise<TakenOver> {
  const rows = await db.query<Row>('select * from @take_over($1, $2, $3, $4)', [
    dead,
    by,
    limit,
    now,
  ]);
  if (rows[0]?.kind === 'stranger') {
    throw new TaskedError('not_found', `runner ${by} is not registered: register it anew`);
  }
  if (dead === by) {
    throw new TaskedError('invalid_input', `runner ${by} cannot take over from itself`);
  }
  return {
    taken: rows.filter(({ kind }) => kind === 'taken').map(takenOf),
    changed: rows
      .filter(({ kind }) => kind === 'changed')
      .map((row) => ({ flowId: row.flow_id, rev: row.flow_rev, ended: row.flow_ended })),
  };
}

function takenOf(row: Row): TakenAttempt {
  return {
    ref: { flowId: row.flow_id, taskId: row.task_id, fence: row.lost_fence + 1 },
    lostFence: row.lost_fence,
    attempt: row.attempt_no,
    executor: row.executor,
    config: JSON.parse(row.config) as JsonObject,
    retry: {
      retries: row.retries,
      backoffMs: row.backoff_ms,
      maxBackoffMs: row.max_backoff_ms,
    },
    cancelled: row.cancelled,
  };
}
