import { performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { AttemptRef, RunnerId, Settlement, Store } from '@tasked/core';

const SLOTS = 50;

/** How much two timers of the event loop may be apart before the time between counts as a stall. */
const PULSE_MS = 5;

/** What a saturated runner did. */
export interface Saturation {
  readonly claimed: readonly AttemptRef[];
  readonly rejected: number;
  readonly longestStallMs: number;
}

/** Claims and settles as fast as it can until `tasks` tasks have ended, by whomever. */
export async function saturate(
  store: Store,
  runnerId: RunnerId,
  flowIds: readonly string[],
): Promise<Saturation> {
  const claimed: AttemptRef[] = [];
  let rejected = 0;
  let settle: readonly Settlement[] = [];
  const pulse = watchPulse();
  while (settle.length > 0 || !(await allEnded(store, flowIds))) {
    const claim = { limit: SLOTS, executors: ['noop'] };
    const result = await store.advance({ runnerId, now: Date.now(), settle, claim });
    if (result.runner === 'lost') throw new Error(`runner ${runnerId} is lost`);
    rejected += result.rejected.length;
    claimed.push(...result.claimed.map(({ ref }) => ref));
    settle = result.claimed.map(({ ref }) => ({ attempt: ref, kind: 'succeeded', output: null }));
    await turn();
  }
  return { claimed, rejected, longestStallMs: pulse.stop() };
}

async function allEnded(store: Store, flowIds: readonly string[]): Promise<boolean> {
  for (const flowId of flowIds) {
    if ((await store.getFlow(flowId, ''))?.state === 'running') return false;
  }
  return true;
}

function watchPulse(): { stop(): number } {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - PULSE_MS);
    last = now;
  }, PULSE_MS);
  return {
    stop() {
      clearInterval(timer);
      return Math.round(longest);
    },
  };
}
