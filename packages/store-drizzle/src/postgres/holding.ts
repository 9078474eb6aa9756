import { type ChangedFlow, type FlowTaskId, type HoldTasks, TaskedError } from '@tasked/core';
import type { Database } from './database.ts';

interface RemovedRow {
  readonly kind: 'released' | 'changed' | 'without';
  readonly id: string;
  readonly flow_rev: number;
  readonly flow_ended: boolean;
}

/** What a call did to tasks and flows. */
export interface Held {
  /** In the order in which they were named. */
  readonly taskIds: readonly FlowTaskId[];
  readonly changed: readonly ChangedFlow[];
}

/** `FlowStore.addHold`. */
export async function addHold(db: Database, { flowId, taskIds }: HoldTasks): Promise<Held> {
  const rows = await db.query<{ id: FlowTaskId }>('select @add_hold($1, $2) as id', [
    flowId,
    taskIds,
  ]);
  return { taskIds: inOrder(taskIds, rows), changed: [] };
}

/** `FlowStore.removeHold`. */
export async function removeHold(db: Database, { flowId, taskIds, now }: HoldTasks): Promise<Held> {
  const rows = await db.call<RemovedRow>('remove_hold', [flowId, taskIds, now]);
  const without = rows.find(({ kind }) => kind === 'without');
  if (without !== undefined) {
    throw new TaskedError(
      'illegal_transition',
      `task ${without.id} of ${flowId} has no hold to take away`,
    );
  }
  const changed = rows
    .filter(({ kind }) => kind === 'changed')
    .map((row) => ({ flowId: row.id, rev: row.flow_rev, ended: row.flow_ended }));
  const released = rows.filter(({ kind }) => kind === 'released');
  return { taskIds: inOrder(taskIds, released), changed };
}

function inOrder(
  named: readonly FlowTaskId[],
  found: readonly { readonly id: FlowTaskId }[],
): readonly FlowTaskId[] {
  const ids = new Set(found.map(({ id }) => id));
  return [...new Set(named)].filter((id) => ids.has(id));
}
