import type { ProcessEntry } from './process-table.ts';

/** What a signal is sent to. */
export type Target =
  /** A group all of whose processes belong to the attempt; `witness` is one of them. */
  | {
      readonly kind: 'group';
      readonly witness: ProcessEntry;
      readonly members: readonly ProcessEntry[];
    }
  /** One process of a group that this process belongs to as well. */
  | { readonly kind: 'process'; readonly witness: ProcessEntry };

/**
 * What is to be ended: the whole group of every process that `isOurs`. A command is started in a session
 * of its own, so that a group with one of its processes holds no others. The exception is a runner that
 * was itself started by the attempt: neither it nor what it descends from is ever a target.
 */
export function targetsAmong(
  entries: readonly ProcessEntry[],
  isOurs: (entry: ProcessEntry) => boolean,
): readonly Target[] {
  const apart = selfAndAncestors(entries);
  const ours = entries.filter((entry) => !apart.has(entry) && entry.groupId > 1 && isOurs(entry));
  const sharedGroups = new Set([...apart].map((entry) => entry.groupId));
  const byGroup = new Map<number, ProcessEntry>();
  const targets: Target[] = [];
  for (const witness of ours) {
    if (sharedGroups.has(witness.groupId)) targets.push({ kind: 'process', witness });
    else if (!byGroup.has(witness.groupId)) byGroup.set(witness.groupId, witness);
  }
  for (const [groupId, witness] of byGroup) {
    const members = entries.filter((entry) => entry.groupId === groupId);
    targets.push({ kind: 'group', witness, members });
  }
  return targets;
}

/** The pids and names of targets, for a remark. */
export function describeTargets(targets: readonly Target[]): string {
  const entries = targets.flatMap((target) =>
    target.kind === 'group' ? target.members : [target.witness],
  );
  const shown = entries.slice(0, 10).map(({ pid, name }) => `${pid} (${name})`);
  const rest = entries.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`;
}

function selfAndAncestors(entries: readonly ProcessEntry[]): ReadonlySet<ProcessEntry> {
  const byPid = new Map(entries.map((entry) => [entry.pid, entry]));
  const line = new Set<ProcessEntry>();
  let next = byPid.get(process.pid);
  while (next !== undefined && !line.has(next)) {
    line.add(next);
    next = byPid.get(next.parentPid);
  }
  return line;
}
