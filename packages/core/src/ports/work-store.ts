import type { EpochMs, FlowTaskId, Owner, QueueName, RunnerId } from '../ids.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Progress } from '../progress.ts';
import type { Resume } from '../resume.ts';
import type { RetryPolicy } from '../retry.ts';
import type { AttemptRef, FlowTaskRef, Settlement } from '../settlement.ts';
import type { ChangedFlow } from './notifier.ts';

/** The engine's heart: hands out work and takes back how it ended (docs/state-machine.md). */
export interface WorkStore {
  /**
   * Commits what finished and hands out what may start, in one transaction: all of it or nothing.
   *
   * Order inside: settlements, dependents' counters and fates (skips included, to any depth), fail-fast,
   * the ends of flows, promotion of delayed tasks that are due and of waiting ones whose deadline has come (what
   * they still asked for is closed), claims. A tick that changes nothing writes nothing.
   *
   * A settlement counts only while its task is held by this runner under that fence; otherwise the
   * attempt is in `rejected` and nothing of it is kept. So is the second of two for one attempt. One for
   * a task that was cancelled meanwhile ends the attempt as `stopped` and frees its slot; unless it is
   * `stopped` it is in `rejected` too. `stopped` for a task that was not cancelled is rejected. A failed
   * task whose flow has `failFast`, unless `allowFailure`, ends the flow as `failed`, once every
   * settlement of the tick is in, and cancels the rest as `FlowStore.cancelFlow` does.
   *
   * `waiting` and `snooze` give the attempt back to the budget. What an attempt reported as progress is gone when it ends.
   *
   * Claims: lowest `priority` first over all that the runner can run; among equals, lanes (queue and
   * executor) in turn, flows of a lane in turn, at most {@link claimTurn} tasks a turn, tasks of a flow by
   * index. No queue ever has more than `concurrency` slots taken, over all runners. A claim raises `fence`
   * and `attempt` by one, takes a slot and opens an attempt row.
   *
   * Throws `limit_exceeded` for more than {@link MAX_TICK} settlements or claims, and `invalid_input` for
   * an output or an input request that is no JSON; then nothing was done.
   */
  advance(tick: Tick): Promise<TickResult>;
  /**
   * Keeps what a running attempt reports, in one commit. False when the attempt does not run (any more), because it was
   * settled, cancelled or taken over: then nothing was kept. Progress is a change of the flow, what is saved is none. Throws
   * `invalid_input` for a value that is no JSON.
   */
  report(attempt: AttemptRef, report: Report): Promise<boolean>;
  /**
   * Stored outputs, in the order of `refs`. Outputs never change, so they are read outside any
   * transaction. Sizes are bytes of JSON text: the output that takes the sum over `maxBytes`, and every
   * one after it, is `too_large`. What a failed attempt was settled with is an output too, null included;
   * `none` is a task that has not succeeded or failed, or does not exist.
   */
  readOutputs(refs: readonly FlowTaskRef[], maxBytes: number): Promise<readonly StoredOutput[]>;
  /**
   * Makes this process known as a runner, alive until it unregisters or dies. Throws `already_exists` for
   * an id that is known.
   */
  registerRunner(runner: NewRunner): Promise<void>;
  /**
   * The runner is gone: a further `advance` of it is `lost`. Attempts that it still holds are left for
   * take-over, and until then it counts as dead. Unknown ids are ignored.
   */
  unregisterRunner(runnerId: RunnerId): Promise<void>;
  /** Every runner that registered and did not unregister, the dead too, by `registeredAt`. */
  listRunners(): Promise<readonly Runner[]>;
  /** Those runners, other than `observer`, that are provably dead or unregistered with attempts. */
  lostRunners(observer: RunnerId): Promise<readonly RunnerId[]>;
  /**
   * Moves up to `limit` attempts of a dead runner to the runner `by`, each under a new fence (one more)
   * with a row of its own, and ends their rows as `lost`; `attempt` stays. The dead runner is `lost` from
   * then on and forgotten with its last attempt. That it is dead is for the caller to know. Of many that
   * try, each attempt goes to one. Taken attempts that were cancelled are to be settled `stopped`, the others by
   * policy. Empty when there is nothing (any more) to take. Throws `not_found` when `by` is not registered.
   */
  takeOver(take: TakeOver): Promise<readonly TakenAttempt[]>;
}

/** How many tasks of one flow are claimed at least before the next flow has its turn. */
export const CLAIM_TURN = 16;

/**
 * How many tasks of one flow a tick claims before the next flow has its turn: a fourth of all that it claims, so that ticks
 * of several runners meet in few flows, and at least {@link CLAIM_TURN}.
 */
export function claimTurn(limit: number): number {
  return Math.max(CLAIM_TURN, Math.ceil(limit / 4));
}

/** Most settlements that one tick carries, and most tasks that one tick claims. */
export const MAX_TICK = 1_000;

/** What a runner hands to `advance`. */
export interface Tick {
  readonly runnerId: RunnerId;
  readonly now: EpochMs;
  /** At most {@link MAX_TICK}. */
  readonly settle: readonly Settlement[];
  readonly claim: Claim | null;
}

/** What a runner has room for. */
export interface Claim {
  /** Free slots, at most {@link MAX_TICK}. */
  readonly limit: number;
  /** Types that this runner can run. */
  readonly executors: readonly string[];
  /** Only these queues; omitted: all. */
  readonly queues?: readonly QueueName[];
  /**
   * True: what the tick leaves of the claim stands until the runner's next tick. While none is under way a store MAY give
   * to it what a flow begins with, all of it by the commit that creates the flow, if nothing else is ready; that looks as if
   * a tick had followed at once. The next tick brings it, which may claim nothing else then but says that there is `more`; one
   * that claims nothing gives it back, and so does unregistering. Whoever sets this MUST tick when told of a creation.
   */
  readonly standing?: boolean;
}

/** What `advance` answers. `lost`: the runner is not registered (any more); nothing was done. */
export type TickResult =
  | { readonly runner: 'lost' }
  | {
      readonly runner: 'ok';
      readonly claimed: readonly ClaimedAttempt[];
      readonly rejected: readonly AttemptRef[];
      /** Attempts of this runner that were cancelled and not settled yet; told anew at every tick. */
      readonly stop: readonly AttemptRef[];
      /** Flows whose `rev` this tick raised. */
      readonly changed: readonly ChangedFlow[];
      /** True when more could have been claimed but for `limit`; false when nothing was asked for. */
      readonly more: boolean;
      /** When the next delayed task of any flow is due, or the next deadline of a waiting one; null when none is set. */
      readonly lookAgainAt: EpochMs | null;
    };

/** All that is needed to run one attempt. */
export interface ClaimedAttempt {
  readonly ref: AttemptRef;
  readonly attempt: number;
  readonly owner: Owner;
  readonly queue: QueueName;
  readonly executor: string;
  readonly config: JsonObject;
  readonly input: JsonValue;
  readonly needs: readonly FlowTaskId[];
  readonly retry: RetryPolicy;
  readonly timeoutMs: number | null;
  /** What earlier attempts left; null when they left nothing. */
  readonly resume: Resume | null;
}

/** What an attempt reports while it runs; what is omitted stays as it was. */
export interface Report {
  /** In place of what was saved before, for every later attempt. */
  readonly saved?: JsonValue;
  readonly progress?: Progress;
}

/**
 * What is stored as a task's output. A task that succeeded or failed has one, `null` at the least;
 * `none` is a task that does not exist, has not ended, was skipped or was cancelled.
 */
export type StoredOutput =
  | { readonly kind: 'output'; readonly value: JsonValue }
  | { readonly kind: 'none' }
  | { readonly kind: 'too_large'; readonly bytes: number };

/** A process that is about to run tasks. */
export interface NewRunner {
  readonly id: RunnerId;
  /** For people: who it is. */
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly registeredAt: EpochMs;
}

/** A registered runner. */
export interface Runner extends NewRunner {
  /** Attempts it holds. */
  readonly attempts: number;
}

/** Who takes over from whom. */
export interface TakeOver {
  readonly dead: RunnerId;
  readonly by: RunnerId;
  readonly limit: number;
  readonly now: EpochMs;
}

/** An attempt that has moved from a dead runner to the caller. */
export interface TakenAttempt {
  /** Under the new fence: what the caller settles. */
  readonly ref: AttemptRef;
  /** The fence that the dead runner ran it under. */
  readonly lostFence: number;
  readonly attempt: number;
  readonly executor: string;
  readonly config: JsonObject;
  readonly retry: RetryPolicy;
  /** True when it was cancelled meanwhile: end what still runs and settle `stopped`. */
  readonly cancelled: boolean;
}
