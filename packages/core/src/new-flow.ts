import type { TriggerRule } from './fate.ts';
import type { EpochMs, FlowId, FlowTaskId, Owner, QueueName } from './ids.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { RetryPolicy } from './retry.ts';

/** A flow to be created; it was validated, its ids are unique, its edges form no cycle. */
export interface NewFlow {
  readonly id: FlowId;
  readonly owner: Owner;
  /** MUST exist: see `QueueStore.ensureQueue`. */
  readonly queue: QueueName;
  readonly failFast: boolean;
  readonly createdAt: EpochMs;
  /** It is kept at least so long from `createdAt` on, if it has ended then; null for no wish. */
  readonly ttlMs: number | null;
  readonly idempotency: Idempotency | null;
  readonly tasks: readonly NewFlowTask[];
}

/** Guards against a submit that is sent twice; unique per owner. */
export interface Idempotency {
  readonly key: string;
  /** Hash of what was submitted: the same key with another hash is a conflict. */
  readonly specHash: string;
  /**
   * Omitted: a flow holds its key for as long as it is kept. Given: only if it was created no earlier than this, and has
   * neither failed nor been cancelled; otherwise it gives the key up, in the commit that creates this one.
   */
  readonly heldSince?: EpochMs;
}

/** One task of a {@link NewFlow}. */
export interface NewFlowTask {
  readonly id: FlowTaskId;
  readonly executor: string;
  readonly config: JsonObject;
  readonly input: JsonValue;
  /** Ids of tasks of the same flow, each at most once. */
  readonly dependsOn: readonly FlowTaskId[];
  /** Those of `dependsOn` whose outputs its templates name. */
  readonly needs: readonly FlowTaskId[];
  readonly triggerRule: TriggerRule;
  readonly allowFailure: boolean;
  /** 0 is claimed first. */
  readonly priority: number;
  readonly retry: RetryPolicy;
  /** Longest run of one attempt; null for no limit. */
  readonly timeoutMs: number | null;
  /** Open dependencies that are no tasks; each is taken away by `FlowStore.removeHold`. */
  readonly holds: number;
}
