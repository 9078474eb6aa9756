import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptRef, StopReason } from '@tasked/core';
import type { AttemptLog } from './attempt-log.ts';
import { isMarkedUpTo } from './attempt-marker.ts';
import { describeTargets, type Target, targetsAmong } from './attempt-processes.ts';
import { endProcesses } from './end-processes.ts';
import type { ProcessEntry } from './process-table.ts';
import type { ProcessTracking } from './process-tracking.ts';
import type { CommandExit, RunningCommand } from './start-command.ts';

/** How long what a command left in the background may take to end by itself, in milliseconds. */
const LEFTOVER_MS = 500;
const LONGEST_PAUSE_MS = 50;
/** From SIGTERM to SIGKILL where nobody waits for a result: for leftovers, and at shutdown. */
const SHORT_GRACE_MS = 1_000;

/** What running a command takes beside the command. */
export interface CommandHost {
  readonly tracking: ProcessTracking;
  /** How long SIGTERM is given before SIGKILL, in milliseconds. */
  readonly graceMs: number;
}

/** A command, its attempt, and who can find its processes. */
export interface RunningAttempt extends CommandHost {
  readonly command: RunningCommand;
  readonly ref: AttemptRef;
  readonly log: AttemptLog;
}

/** Ends a command that has to stop, with every process that it started. */
export async function stopCommand(running: RunningAttempt, reason: StopReason): Promise<void> {
  const { command, log } = running;
  const graceMs =
    reason === 'shutdown' ? Math.min(running.graceMs, SHORT_GRACE_MS) : running.graceMs;
  log.remark(`stopping the command: ${reason}`);
  try {
    await end(running, { graceMs, find: () => wholeAttempt(running) });
  } finally {
    // Whatever the process table could not tell: as long as it has not exited, this is our own child.
    if (!command.hasExited()) killGroup(command.pid);
  }
}

/**
 * Ends what a command left behind when it exited. A success leaves alone what moved to a session of its
 * own (setsid): that was on purpose. A failure leaves nothing, so that a retry meets no leftovers.
 */
export async function endLeftovers(running: RunningAttempt, exit: CommandExit): Promise<void> {
  await groupEnds(running.command);
  if (exit.code !== 0) {
    await end(running, { graceMs: SHORT_GRACE_MS, find: () => wholeAttempt(running) });
  } else if (running.command.hasGroup()) {
    await end(running, { graceMs: SHORT_GRACE_MS, find: () => ownGroup(running) });
  }
}

/** A process that a finished shell does not wait for, such as `tee >(gzip)`, may be about to end. */
async function groupEnds(command: RunningCommand): Promise<void> {
  const deadline = performance.now() + LEFTOVER_MS;
  for (let pauseMs = 2; command.hasGroup() && performance.now() < deadline; ) {
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

async function end(
  { tracking, log }: RunningAttempt,
  { find, graceMs }: { readonly find: () => Promise<readonly Target[]>; readonly graceMs: number },
): Promise<void> {
  const remark = (text: string) => log.remark(text);
  const left = await endProcesses({ table: tracking.table, find, graceMs, remark });
  if (left.length > 0) remark(`could not end ${describeTargets(left)}`);
}

async function ownGroup(running: RunningAttempt): Promise<readonly Target[]> {
  const entries = await running.tracking.table.list();
  return targetsAmong(entries, inGroupOf(running.command, entries));
}

async function wholeAttempt(running: RunningAttempt): Promise<readonly Target[]> {
  const entries = await running.tracking.table.list();
  const inGroup = inGroupOf(running.command, entries);
  const isMarked = ({ attempt }: ProcessEntry) =>
    attempt !== null && isMarkedUpTo(running.ref, attempt);
  return targetsAmong(entries, (entry) => inGroup(entry) || isMarked(entry));
}

function inGroupOf(
  command: RunningCommand,
  entries: readonly ProcessEntry[],
): (entry: ProcessEntry) => boolean {
  // Its pid goes to another process only when its whole group has ended: then the group is not ours.
  const isForeign = command.hasExited() && entries.some(({ pid }) => pid === command.pid);
  return (entry) => !isForeign && entry.groupId === command.pid;
}

function killGroup(groupId: number): void {
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
