import {
  backgroundClock,
  type Clock,
  type EpochMs,
  type FlowId,
  type FlowStore,
  type LogStore,
  type Sweep,
} from '@tasked/core';

/** How much one call to the store deletes: a few milliseconds of an SQLite file. */
const STEP = 200;

/** Pause between two calls, in which everybody else has the store: far longer than a call. */
const PAUSE_MS = 15;

/** How many ids are remembered, so that logs are not looked for again and again. */
const MOST_NAMED = 10_000;

/** What is swept, and when it is over. */
export interface FlowSweepOptions {
  readonly store: Pick<FlowStore, 'pruneFlows'>;
  readonly logs: Pick<LogStore, 'deleteLogs'>;
  /**
   * How long flows are kept once they have ended, in milliseconds; a flow's own ttl may keep it longer. Where flows are
   * shown as tasks it MUST be core's `TASK_RETENTION_MS` at least: that long everybody finds how a task has ended.
   */
  readonly retentionMs: number;
  /** Ends a sweep between two steps; the next one goes on. Omitted: each goes on until all is done. */
  readonly signal?: AbortSignal;
  /** `backgroundClock` if omitted. */
  readonly clock?: Clock;
}

/**
 * A sweep for core's `Janitor`: forgets flows that ended long ago, and their logs, in steps so small that no work
 * waits for them. Logs go after their flow; what a crash between the two leaves goes with the next sweep.
 */
export function flowSweep({
  store,
  logs,
  retentionMs,
  signal,
  clock = backgroundClock,
}: FlowSweepOptions): Sweep {
  return {
    name: 'flows that ended long ago',
    async sweep(now: EpochMs) {
      let count = 0;
      const named = new Set<FlowId>();
      for (let more = true; more && signal?.aborted !== true; ) {
        const pruned = await store.pruneFlows({ now, retentionMs, limit: STEP });
        const fresh = pruned.flowIds.filter((flowId) => !named.has(flowId));
        await logs.deleteLogs(fresh);
        if (named.size > MOST_NAMED) named.clear();
        for (const flowId of fresh) named.add(flowId);
        count += fresh.length;
        more = pruned.more;
        if (more) await new Promise<void>((resume) => clock.schedule(PAUSE_MS, resume));
      }
      return count;
    },
  };
}
