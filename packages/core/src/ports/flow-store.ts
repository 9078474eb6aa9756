import type { Flow } from '../flow.ts';
import type { FlowState } from '../flow-state.ts';
import type { Attempt, FlowTask } from '../flow-task.ts';
import type { FlowTaskState } from '../flow-task-state.ts';
import type { EpochMs, FlowId, FlowTaskId, Owner, QueueName } from '../ids.ts';
import type { AnsweredInputs, AnswerInputs, OutstandingInput } from '../input.ts';
import type { NewFlow } from '../new-flow.ts';
import type { FlowTaskRef } from '../settlement.ts';

/** Keeps flows and their tasks. Every read is by owner where a caller could guess an id. */
export interface FlowStore {
  /**
   * Creates the flow with all its tasks, or nothing of it. Tasks without dependencies and holds are
   * `ready`, the others `blocked`. A flow of no tasks is created as `succeeded`. With an idempotency key
   * that the owner used before nothing is created: `existing` for the same hash, `conflict` for another.
   * An id that is in use is a `conflict` too. Throws `not_found` when the queue does not exist.
   */
  createFlow(flow: NewFlow): Promise<CreateFlowResult>;
  /** The flow, or null when there is none of that id for that owner. */
  getFlow(flowId: FlowId, owner: Owner): Promise<Flow | null>;
  /** Newest first, by `(createdAt, id)`. */
  listFlows(query: ListFlows): Promise<readonly Flow[]>;
  /** One task, or null. Ownership is checked by `getFlow` before. */
  getFlowTask(ref: FlowTaskRef): Promise<FlowTask | null>;
  /** Tasks in the order of their `index`. */
  listFlowTasks(query: ListFlowTasks): Promise<readonly FlowTask[]>;
  /** Every attempt of one task, by fence. */
  listAttempts(ref: FlowTaskRef): Promise<readonly Attempt[]>;
  /** The flow and those of its tasks that changed after `rev`, by index; null when there is no such flow. */
  changesSince(flowId: FlowId, rev: number): Promise<FlowChanges | null>;
  /**
   * Ends the flow as `cancelled` at once: every task that has not ended becomes `cancelled`. The slot of
   * a running one stays taken until its runner settles it. `cancelled` is false when the flow had ended
   * before, which changes nothing; null when there is no such flow for that owner.
   */
  cancelFlow(
    cancel: CancelFlow,
  ): Promise<{ readonly cancelled: boolean; readonly flow: Flow } | null>;
  /**
   * Puts one more hold on each of the named tasks that is still blocked; returns the ids of those, in
   * the order given. Unknown ids are ignored, one named twice counts once. A hold alone changes no `rev`.
   */
  addHold(holds: HoldTasks): Promise<readonly FlowTaskId[]>;
  /**
   * Takes one hold from each of the named tasks that is still blocked, as `addHold` does; one whose last
   * open dependency it was meets its fate as in `advance`. Taking away a hold that is not there is the caller's bug:
   * `illegal_transition`, and nothing changes.
   */
  removeHold(holds: HoldTasks): Promise<readonly FlowTaskId[]>;
  /**
   * What the flow's tasks ask for now, by the index of the task, then in the order in which it asked; empty when nothing
   * waits, or there is no such flow.
   */
  listInputs(flowId: FlowId): Promise<readonly OutstandingInput[]>;
  /**
   * Answers inputs, all in one commit. Only what is outstanding is taken, each once: of two answers to one input the
   * first counts. A task that waits for nothing more is `ready`, and its next attempt gets every answer. What is not
   * taken changes nothing. Null when there is no such flow for that owner. Throws `invalid_input` for an answer that is no
   * JSON; then nothing was done.
   */
  answerInputs(answers: AnswerInputs): Promise<AnsweredInputs | null>;
  /**
   * The stored outputs of the named tasks as compact JSON text, in the order of `refs`: at most
   * `maxChars` Unicode code points of each, and its whole size; null for a task without output (see `StoredOutput`).
   */
  previewOutputs(
    refs: readonly FlowTaskRef[],
    maxChars: number,
  ): Promise<readonly (OutputPreview | null)[]>;
  /**
   * One small step of forgetting. Takes up to `limit` flows out of sight, those that ended first first: each ended
   * at least `retentionMs` ago, is past its ttl (`createdAt + ttlMs`), and none of its tasks takes a slot any more.
   * A flow goes as a whole: from then on no call finds it, its tasks, attempts or outputs; its id and its
   * idempotency key are free. What it leaves in the data goes by this call or later ones; no call deletes
   * more than `limit` tasks and attempts, so that nobody waits for one. Any number of callers may do so at once.
   * No hint need be given of it.
   */
  pruneFlows(prune: PruneFlows): Promise<PrunedFlows>;
}

/** What `createFlow` did. `flowId` is the flow that has the id or key now. */
export interface CreateFlowResult {
  readonly kind: 'created' | 'existing' | 'conflict';
  readonly flowId: FlowId;
}

/** Which flows to list. */
export interface ListFlows {
  readonly owner: Owner;
  readonly queue?: QueueName;
  readonly state?: FlowState;
  readonly limit: number;
  /** Only flows that come after this one in the list. */
  readonly after?: { readonly createdAt: EpochMs; readonly id: FlowId };
}

/** Which tasks of a flow to list. */
export interface ListFlowTasks {
  readonly flowId: FlowId;
  /** Omitted: every state. */
  readonly states?: readonly FlowTaskState[];
  readonly limit: number;
  /** Only tasks whose `index` is greater. */
  readonly afterIndex?: number;
}

/** What changed in a flow. */
export interface FlowChanges {
  readonly flow: Flow;
  readonly tasks: readonly FlowTask[];
}

/** Whom to cancel, and when it is. */
export interface CancelFlow {
  readonly flowId: FlowId;
  readonly owner: Owner;
  readonly now: EpochMs;
}

/** Tasks of one flow to hold or to let go. */
export interface HoldTasks {
  readonly flowId: FlowId;
  readonly taskIds: readonly FlowTaskId[];
  readonly now: EpochMs;
}

/** Which flows to forget. */
export interface PruneFlows {
  readonly now: EpochMs;
  /** How long flows are kept once they have ended. */
  readonly retentionMs: number;
  /** At least 1. */
  readonly limit: number;
}

/** What a step of forgetting did. */
export interface PrunedFlows {
  /**
   * Flows that are gone, so that their logs may go too. A later call names one again when it deletes what
   * that one left: whoever dies between a call and the logs is made up for.
   */
  readonly flowIds: readonly FlowId[];
  /** True when there is more to do now; false when the rest is done, not due, or in another caller's hands. */
  readonly more: boolean;
}

/** The beginning of a stored output. */
export interface OutputPreview {
  readonly text: string;
  /** Size of the whole JSON text in UTF-8 bytes. */
  readonly bytes: number;
}
