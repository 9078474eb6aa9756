import { type Flow, isTerminalFlow } from '@tasked/core';
import { HOLD_SECS, HOLD_WITH_PROGRESS_SECS } from '../answer-limits.ts';
import { tasksDone } from '../flow-on-wire.ts';
import type { Progress, ToolCall } from '../tool-call.ts';

const PROGRESS_EVERY_MS = 5_000;

/**
 * Holds a call until there is news of the flow (it has ended, a further task failed, it asks for something new), but no
 * longer than `waitSecs` nor than clients bear it; with a way to report progress it reports meanwhile. Throws
 * `limit_exceeded` when too many calls of its owner are held.
 */
export async function holdForNews(call: ToolCall, first: Flow, waitSecs: number): Promise<Flow> {
  const { flows, owner, signal, reportProgress } = call;
  const limitSecs = reportProgress === null ? HOLD_SECS : HOLD_WITH_PROGRESS_SECS;
  const holdMs = Math.min(waitSecs, limitSecs) * 1_000;
  if (holdMs === 0 || isNews(first, first)) return first;
  return await call.hold(async () => {
    let flow = first;
    let heldMs = 0;
    while (heldMs < holdMs && !isNews(first, flow) && !signal.aborted) {
      const timeoutMs = Math.min(PROGRESS_EVERY_MS, holdMs - heldMs);
      flow = await flows.wait(flow.id, owner, { timeoutMs, signal, since: first });
      heldMs += timeoutMs;
      reportProgress?.(progressOf(flow, heldMs / (holdMs + 1)));
    }
    return flow;
  });
}

function isNews(first: Flow, now: Flow): boolean {
  return (
    isTerminalFlow(now.state) ||
    now.counts.failed > first.counts.failed ||
    now.inputCount > first.inputCount
  );
}

/**
 * Progress must rise with every report even when no task has ended meanwhile: the time held, as a part of one
 * task, is added to the tasks done.
 */
function progressOf(flow: Flow, partHeld: number): Progress {
  const done = tasksDone(flow);
  const total = flow.taskCount;
  return {
    progress: Math.min(done + partHeld, total),
    total,
    message: `${done}/${total} done, ${flow.counts.running} running`,
  };
}
