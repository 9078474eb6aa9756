import { addAbortListener } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { AttemptContext, Outcome, StopReason } from '@tasked/core';
import { AttemptLog } from './attempt-log.ts';
import { type CommandHost, endLeftovers, stopCommand } from './end-command.ts';
import { type CommandOutput, exitOutcome } from './exit-outcome.ts';
import type { Launch } from './launch.ts';
import { OutputTail } from './output-tail.ts';
import { settlesWithin } from './settles-within.ts';
import { type CommandExit, type RunningCommand, startCommand } from './start-command.ts';
import { startFailure } from './start-failure.ts';
import { stopOutcome } from './stop-outcome.ts';

/** How long the pipes of a command that has ended are read for what is still in them. */
const LAST_READ_MS = 500;
const LAST_LOOK_MS = 20;

/** Runs one command to its end, whichever way it ends. Settles soon after the attempt's signal aborts. */
export async function runCommand(
  launch: Launch,
  attempt: AttemptContext,
  host: CommandHost,
): Promise<Outcome> {
  const log = new AttemptLog((stream, chunk) => attempt.log(stream, chunk));
  const output: CommandOutput = { stdout: new OutputTail(), stderr: new OutputTail() };
  if (attempt.signal.aborted) return stopOutcome(attempt.signal.reason as StopReason, output);
  const start = await startCommand(launch, (stream, chunk) => {
    output[stream].push(chunk);
    log.output(stream, chunk);
  });
  if (start.kind === 'failed') return { kind: 'failed', failure: startFailure(launch, start) };
  const { command } = start;
  const forget = host.tracking.remember(attempt.ref, command.pid);
  try {
    const end = await exitOrStop(command, attempt.signal);
    const running = { command, ref: attempt.ref, log, ...host };
    if (typeof end === 'string') await stopCommand(running, end);
    else await endLeftovers(running, end);
    await stopReading(command, log);
    return typeof end === 'string' ? stopOutcome(end, output) : exitOutcome(end, output);
  } finally {
    forget();
  }
}

async function exitOrStop(
  command: RunningCommand,
  signal: AbortSignal,
): Promise<CommandExit | StopReason> {
  const { promise: stopped, resolve } = Promise.withResolvers<StopReason>();
  const listener = addAbortListener(signal, () => resolve(signal.reason as StopReason));
  try {
    return await Promise.race([command.exited, stopped]);
  } finally {
    listener[Symbol.dispose]();
  }
}

async function stopReading(command: RunningCommand, log: AttemptLog): Promise<void> {
  if (await settlesWithin(command.closed, LAST_READ_MS)) return;
  // When the event loop was busy all that time, the pipes are read in its next turn.
  await setImmediate();
  if (await settlesWithin(command.closed, LAST_LOOK_MS)) return;
  log.remark('a process that outlives the command holds its output open; it is not read any more');
  command.stopReading();
}
