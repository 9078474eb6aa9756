import type { EpochMs } from '@tasked/core';
import type { EndedTask } from './following.ts';
import type { Ledger } from './ledger.ts';

/** What the parts of one `advance` share. */
export interface TickDraft {
  readonly now: EpochMs;
  readonly runnerKey: number;
  readonly ledger: Ledger;
  readonly ended: EndedTask[];
  /** Keys of the flows that a failure has ended at once. */
  readonly failedFast: Set<number>;
}
