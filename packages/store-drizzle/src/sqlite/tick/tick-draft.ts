import type { EpochMs } from '@tasked/core';
import type { EndedTask } from './following.ts';
import type { Ledger } from './ledger.ts';

/** A task after its attempt, as it is written. */
export interface SettledTask {
  readonly key: number;
  readonly state: number;
  readonly attempt: number;
  readonly availableAt: EpochMs | null;
  readonly failure: string | null;
  /** JSON of an output that stands in the row of the task; null for one that does not, and for none. */
  readonly output: string | null;
  readonly endedAt: EpochMs | null;
  /** Code of how the attempt ended. */
  readonly attemptEnd: number;
  readonly rev: number;
}

/** What the parts of one `advance` share. */
export interface TickDraft {
  readonly now: EpochMs;
  readonly runnerKey: number;
  readonly ledger: Ledger;
  /** By key: how the tasks whose attempts were settled are to be written. */
  readonly settled: Map<number, SettledTask>;
  readonly ended: EndedTask[];
  /** Keys of the flows that a failure has ended at once. */
  readonly failedFast: Set<number>;
}
