import type { TaskFailure } from './failure.ts';
import type { SkipCause, TriggerRule } from './fate.ts';
import type { FlowTaskState } from './flow-task-state.ts';
import type { EpochMs, FlowId, FlowTaskId, RunnerId } from './ids.ts';
import type { Progress } from './progress.ts';
import type { AttemptEnd } from './settlement.ts';

/** One node of a flow, as the store has it, without its config, input and output. */
export interface FlowTask {
  readonly flowId: FlowId;
  readonly id: FlowTaskId;
  /** Its place in the submitted list, from 0. */
  readonly index: number;
  readonly executor: string;
  readonly state: FlowTaskState;
  readonly priority: number;
  readonly triggerRule: TriggerRule;
  readonly allowFailure: boolean;
  /** Started executions so far. */
  readonly attempt: number;
  /** Claims and take-overs so far. */
  readonly fence: number;
  /** Why it failed last, also while a further attempt is to come or runs; null again after a success. */
  readonly failure: TaskFailure | null;
  /** Why it was skipped; null in any other state. */
  readonly cause: SkipCause | null;
  /** When a delayed task becomes ready, or a waiting one goes on unanswered; null for any other. */
  readonly availableAt: EpochMs | null;
  /** What its running attempt said last; null when it said nothing, and when none runs. */
  readonly progress: Progress | null;
  /** When it was claimed last; a take-over is no claim. */
  readonly startedAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
  /** The flow's `rev` when one of these fields, or what it asks for, changed last. */
  readonly rev: number;
}

/** One attempt of a flow task, kept beside it for as long as its flow. */
export interface Attempt {
  readonly fence: number;
  readonly runnerId: RunnerId;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  /** How it ended, `stopped` for one that was cancelled first; null while it runs. */
  readonly end: AttemptEnd | null;
  readonly failure: TaskFailure | null;
}
