import { type AttemptRef, TaskedError } from '@tasked/core';
import { attemptMarker } from './attempt-marker.ts';
import { describeTargets, type Target } from './attempt-processes.ts';
import { endProcesses } from './end-processes.ts';
import type { ProcessTable } from './process-table.ts';

/** How long SIGTERM is given before SIGKILL, in milliseconds. */
const GRACE_MS = 2_000;

/** Ends what `find` finds of a lost attempt. Throws `unavailable` when something cannot be ended. */
export async function endLost(
  lost: AttemptRef,
  table: ProcessTable,
  find: () => Promise<readonly Target[]>,
): Promise<void> {
  const left = await endProcesses({ table, find, graceMs: GRACE_MS, remark: () => {} });
  if (left.length === 0) return;
  throw new TaskedError(
    'unavailable',
    `could not end what attempt ${attemptMarker(lost)} left running: ${describeTargets(left)}; ` +
      'end these processes by hand',
  );
}
