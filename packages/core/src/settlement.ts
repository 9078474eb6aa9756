import type { TaskFailure } from './failure.ts';
import type { EpochMs, FlowId, FlowTaskId } from './ids.ts';
import type { JsonValue } from './json.ts';
import type { InputRequests } from './task/task-input.ts';

/** Names one task of one flow. */
export interface FlowTaskRef {
  readonly flowId: FlowId;
  readonly taskId: FlowTaskId;
}

/** Names one attempt. `fence` rises at every claim and is never used again. */
export interface AttemptRef extends FlowTaskRef {
  readonly fence: number;
}

/** How an attempt ends in the record; data, decided by the policy in settle-policy.ts. */
export type Settlement = { readonly attempt: AttemptRef } & (
  | { readonly kind: 'succeeded'; readonly output: JsonValue }
  | { readonly kind: 'failed'; readonly failure: TaskFailure; readonly output: JsonValue }
  /** Failed, and to be tried again at `availableAt`. */
  | { readonly kind: 'retry'; readonly failure: TaskFailure; readonly availableAt: EpochMs }
  /** Not yet: again at `availableAt`; the attempt is not spent. */
  | { readonly kind: 'snooze'; readonly availableAt: EpochMs }
  /**
   * Waits for the inputs that it names, without a slot, until all are answered or `deadlineAt` has come; the attempt is
   * not spent. What the task has asked for before is not asked for again; one that is left without any is ready at once.
   */
  | {
      readonly kind: 'waiting';
      readonly inputRequests: InputRequests;
      /** Null: for ever. */
      readonly deadlineAt: EpochMs | null;
    }
  /** Given back, ready at once; `spent` tells whether its executor had started. */
  | { readonly kind: 'released'; readonly spent: boolean }
  /** A cancelled attempt has really stopped: its slot is free. */
  | { readonly kind: 'stopped' }
);

/** How an attempt ended, as its row keeps it; `null` there while it runs. */
export type AttemptEnd = Settlement['kind'] | 'lost';
