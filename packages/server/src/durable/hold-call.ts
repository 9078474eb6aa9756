import { type Flow, type FlowTask, isTerminalFlow, TaskedError, type TaskId } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { HOLD_SECS, HOLD_WITH_PROGRESS_SECS } from '../answer-limits.ts';
import type { Progress } from '../tool-call.ts';
import { callMessage, callTaskOf } from './call-task.ts';
import type { WaitingCaller } from './durable-call.ts';

/** How often whoever asked for progress is told of it. */
const PROGRESS_EVERY_MS = 2_000;

/** A call as it stands. */
export interface StandingCall {
  readonly flow: Flow;
  readonly task: FlowTask;
}

/**
 * Waits until a call has ended or asks for input, but no longer than clients bear it, nor than they listen; with a way to
 * report progress it reports meanwhile.
 */
export async function holdCall(taskId: TaskId, caller: WaitingCaller): Promise<StandingCall> {
  const { flows, owner, signal, reportProgress } = caller;
  const holdMs = (reportProgress === null ? HOLD_SECS : HOLD_WITH_PROGRESS_SECS) * 1_000;
  const stepMs = reportProgress === null ? holdMs : PROGRESS_EVERY_MS;
  const report = reportProgress === null ? null : risingProgress(reportProgress);
  let flow = await flows.get(taskId, owner);
  for (let heldMs = 0; heldMs < holdMs && !isOver(flow, signal); heldMs += stepMs) {
    report?.(await taskOf(flow, flows));
    const timeoutMs = Math.min(stepMs, holdMs - heldMs);
    flow = await flows.wait(taskId, owner, { timeoutMs, signal, since: flow });
  }
  return { flow, task: await taskOf(flow, flows) };
}

async function taskOf(flow: Flow, flows: Flows): Promise<FlowTask> {
  const task = await callTaskOf(flows, flow);
  if (task === null) throw new TaskedError('not_found', `there is no call of a tool ${flow.id}`);
  return task;
}

function isOver(flow: Flow, signal: AbortSignal): boolean {
  return isTerminalFlow(flow.state) || flow.counts.waiting > 0 || signal.aborted;
}

/** Progress must rise with every report (2025-11-25, Progress): what stands still, or falls back, rises a little. */
function risingProgress(tell: (progress: Progress) => void): (task: FlowTask) => void {
  let last = 0;
  return (task) => {
    const fraction = task.progress?.fraction ?? 0;
    last = fraction > last ? fraction : last + (1 - last) / 1_000;
    tell({ progress: last, total: 1, message: callMessage(task) });
  };
}
