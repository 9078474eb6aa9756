import type { AttemptRef } from '@tasked/core';
import { ATTEMPT_VARIABLE, attemptMarker } from './attempt-marker.ts';
import { targetsAmong } from './attempt-processes.ts';
import { endLost } from './end-lost.ts';
import type { ProcessTable } from './process-table.ts';
import { showEnvironment, startedAt } from './ps-table.ts';
import type { RunRecord, RunRecords } from './run-records.ts';

/** By how much the recorded time and that of the system's table may differ. */
const TOLERANCE_MS = 2_000;

/** Ends the recorded process group of the attempt, and of earlier ones of the task, where it is still theirs. */
export async function reclaimByRecord(
  lost: AttemptRef,
  records: RunRecords,
  table: ProcessTable,
): Promise<void> {
  for (const record of records.upTo(lost)) {
    await endLost(record.ref, table, () => recordedGroup(record, table));
    records.remove(record.ref);
  }
}

async function recordedGroup(record: RunRecord, table: ProcessTable) {
  const entries = await table.list();
  const members = entries.filter(({ groupId }) => groupId === record.groupId);
  const leader = entries.find(({ pid }) => pid === record.groupId);
  const isOurs =
    leader === undefined
      ? await isMarked(record, members)
      : Math.abs(startedAt(leader.identity) - record.startedAt) <= TOLERANCE_MS;
  return isOurs ? targetsAmong(entries, ({ groupId }) => groupId === record.groupId) : [];
}

/** A group without its leader may be that of a later process with the same pid: only its environment tells. */
async function isMarked(
  { ref }: RunRecord,
  members: readonly { readonly pid: number }[],
): Promise<boolean> {
  if (members.length === 0) return false;
  const pids = members.map(({ pid }) => pid);
  return await showEnvironment(pids, `${ATTEMPT_VARIABLE}=${attemptMarker(ref)}`);
}
