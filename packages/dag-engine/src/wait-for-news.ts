import { type Clock, type Flow, type FlowId, isTerminalFlow, type Notifier } from '@tasked/core';
import { Wakeup } from './wakeup.ts';

/** Which flow to wait for, and for how long. */
export interface WaitForNews {
  readonly store: Notifier;
  readonly clock: Clock;
  readonly flowId: FlowId;
  readonly read: () => Promise<Flow>;
  readonly since?: Flow;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads the flow until it has ended, more of its tasks have failed than at first, it asks for something new, the
 * time is up, or the signal aborts; returns what was read last. Reads again only after a hint.
 */
export async function waitForNews(wait: WaitForNews): Promise<Flow> {
  const { store, clock, flowId, read, signal } = wait;
  const wakeup = new Wakeup(clock);
  const ring = () => wakeup.ring();
  const unsubscribe = store.subscribe((hint) => {
    if (hint.flows === null || hint.flows.some((changed) => changed.flowId === flowId)) ring();
  });
  let isOver = wait.timeoutMs <= 0;
  const cancelTimer = clock.schedule(wait.timeoutMs, () => {
    isOver = true;
    ring();
  });
  signal?.addEventListener('abort', ring);
  try {
    const first = await read();
    const before = wait.since ?? first;
    let flow = first;
    if (wait.since === undefined && first.counts.waiting > 0) return first;
    while (!isNews(before, flow) && !isOver && signal?.aborted !== true) {
      await wakeup.sleep(null);
      flow = await read();
    }
    return flow;
  } finally {
    cancelTimer();
    unsubscribe();
    signal?.removeEventListener('abort', ring);
  }
}

function isNews(first: Flow, now: Flow): boolean {
  return (
    isTerminalFlow(now.state) ||
    now.counts.failed > first.counts.failed ||
    now.inputCount > first.inputCount
  );
}
