import type { AttemptRef } from '@tasked/core';
import { isMarkedUpTo } from './attempt-marker.ts';
import { targetsAmong } from './attempt-processes.ts';
import { endLost } from './end-lost.ts';
import type { ProcessTable } from './process-table.ts';

/** Ends every process whose environment names the attempt or an earlier one of the task, with its group. */
export async function reclaimByEnvironment(lost: AttemptRef, table: ProcessTable): Promise<void> {
  await endLost(lost, table, async () =>
    targetsAmong(
      await table.list(),
      ({ attempt }) => attempt !== null && isMarkedUpTo(lost, attempt),
    ),
  );
}
