import type { EpochMs } from '@tasked/core';
import type { FlowRecord } from './flow-record.ts';
import { SortedSet } from './sorted-set.ts';

/** The flows that have ended, by when they did. */
export class EndedFlows {
  readonly #flows = new SortedSet<Pick<FlowRecord, 'endedAt' | 'seq'>, FlowRecord>(
    (a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0) || a.seq - b.seq,
  );

  add(flow: FlowRecord): void {
    this.#flows.add(flow);
  }

  delete(flow: FlowRecord): void {
    this.#flows.delete(flow);
  }

  /** Those that had ended at `time`. The set MUST NOT change meanwhile. */
  *until(time: EpochMs): Iterable<FlowRecord> {
    const first = this.#flows.first();
    if (first === undefined) return;
    for (const flow of this.#flows.from(first)) {
      if (flow.endedAt === null || flow.endedAt > time) return;
      yield flow;
    }
  }
}
