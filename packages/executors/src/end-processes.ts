import { setTimeout as sleep } from 'node:timers/promises';
import { describeTargets, type Target } from './attempt-processes.ts';
import type { ProcessTable } from './process-table.ts';

/** What to end, and how. */
export interface Ending {
  readonly table: ProcessTable;
  /** Looks for what is to be ended, as it is now. */
  readonly find: () => Promise<readonly Target[]>;
  /** How long SIGTERM is given before SIGKILL, in milliseconds. */
  readonly graceMs: number;
  /** Is told which signal was sent to what. */
  readonly remark: (text: string) => void;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 200;
/** A process that is just being replaced by its program shows no environment: nothing found is looked at again. */
const CONFIRM_AFTER_MS = 50;
/** A process that outlives SIGKILL by this much waits for a device, or is not ours to end. */
const GIVE_UP_AFTER_MS = 5_000;

/**
 * Ends what `find` finds: SIGTERM once, after the grace period SIGKILL until nothing is left. Returns what
 * could not be ended, which is nothing but for processes that no signal reaches. Right before each signal
 * it makes sure that the process is still the one that was found.
 */
export async function endProcesses(ending: Ending): Promise<readonly Target[]> {
  const started = performance.now();
  const told = new Set<string>();
  let looksInVain = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const targets = await ending.find();
    const leftMs = ending.graceMs - (performance.now() - started);
    looksInVain = targets.length === 0 ? looksInVain + 1 : 0;
    if (looksInVain === 2) return [];
    if (leftMs <= -GIVE_UP_AFTER_MS) return targets;
    signalAll(ending, targets, { signal: leftMs > 0 ? 'SIGTERM' : 'SIGKILL', told });
    if (looksInVain === 1) await sleep(CONFIRM_AFTER_MS);
    else await sleep(leftMs > 0 ? Math.min(pauseMs, leftMs) : pauseMs);
  }
}

function signalAll(
  { table, remark }: Ending,
  targets: readonly Target[],
  { signal, told }: { readonly signal: 'SIGTERM' | 'SIGKILL'; readonly told: Set<string> },
): void {
  const reached = targets.filter((target) => {
    const key = `${signal} ${keyOf(target)}`;
    const isNew = !told.has(key);
    // What a process does on SIGTERM must not be disturbed by a second one.
    if (!isNew && signal === 'SIGTERM') return false;
    told.add(key);
    return send(target, signal, table) && isNew;
  });
  if (reached.length > 0) remark(`sent ${signal} to ${describeTargets(reached)}`);
}

function keyOf({ kind, witness }: Target): string {
  return kind === 'group' ? `group ${witness.groupId}` : `${witness.pid} ${witness.identity}`;
}

function send(target: Target, signal: NodeJS.Signals, table: ProcessTable): boolean {
  const { pid, groupId, identity } = target.witness;
  if (table.identityOf(pid) !== identity) return false;
  try {
    return process.kill(target.kind === 'group' ? -groupId : pid, signal);
  } catch {
    // It ended in this moment, or belongs to another user; the next look tells.
    return false;
  }
}
