import { existsSync } from 'node:fs';
import type { AttemptRef } from '@tasked/core';
import { procTable } from './proc-table.ts';
import { type ProcessTable, sharedLooks } from './process-table.ts';
import { psTable } from './ps-table.ts';
import { reclaimByEnvironment } from './reclaim-by-environment.ts';
import { reclaimByRecord } from './reclaim-by-record.ts';
import { RunRecords } from './run-records.ts';

/** How the processes of an attempt are found: while it runs, and after its runner has died. */
export interface ProcessTracking {
  readonly table: ProcessTable;
  /** Is told the process group of an attempt that has started; the returned function forgets it. */
  remember(ref: AttemptRef, groupId: number): () => void;
  /**
   * Ends what an attempt of a dead runner, or an earlier one of the same task, left running. Rejects when
   * something cannot be ended. Null where nothing would be found.
   */
  readonly reclaim: ((lost: AttemptRef) => Promise<void>) | null;
}

/** The best way that this system has. */
export function systemTracking(stateDir: string | null): ProcessTracking {
  if (existsSync('/proc/self/environ')) return trackByEnvironment();
  return trackByRecord(stateDir);
}

/** On Linux every process shows the environment that it was started with, and so its attempt. */
export function trackByEnvironment(): ProcessTracking {
  const table = sharedLooks(procTable());
  return {
    table,
    remember: () => () => {},
    reclaim: (lost) => reclaimByEnvironment(lost, table),
  };
}

/** Elsewhere a file for each running command keeps its process group; none without a directory. */
export function trackByRecord(stateDir: string | null): ProcessTracking {
  const table = sharedLooks(psTable());
  if (stateDir === null) return { table, remember: () => () => {}, reclaim: null };
  const records = new RunRecords(stateDir);
  return {
    table,
    remember: (ref, groupId) => records.add({ ref, groupId, startedAt: Date.now() }),
    reclaim: (lost) => reclaimByRecord(lost, records, table),
  };
}
