import type { AttemptRef, Claim, EpochMs, Tick, TickResult } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { TASK } from '../../encoding/codes.ts';
import type { EncodedSettlement } from '../../encoding/encoded-settlement.ts';
import type { Attempts } from '../attempts.ts';
import type { Inputs } from '../inputs.ts';
import type { Lanes } from '../lanes.ts';
import type { Cancelling } from './cancelling.ts';
import { Claiming, type Claims } from './claiming.ts';
import type { Following, Heir } from './following.ts';
import { Ledger } from './ledger.ts';
import type { LedgerStatements } from './ledger-statements.ts';
import { Promoting } from './promoting.ts';
import { Settling } from './settling.ts';
import { type Situation, Situations } from './situations.ts';
import type { TickDraft } from './tick-draft.ts';

/** What `Advancing` shares with the other calls that end tasks. */
export interface AdvancingParts {
  readonly ledgers: LedgerStatements;
  readonly lanes: Lanes;
  readonly inputs: Inputs;
  readonly attempts: Attempts;
  readonly following: Following;
  readonly cancelling: Cancelling;
}

/** The engine's heart: what `WorkStore.advance` does inside its transaction. */
export class Advancing {
  readonly #parts: AdvancingParts;
  readonly #situations: Situations;
  readonly #settling: Settling;
  readonly #promoting: Promoting;
  readonly #claiming: Claiming;
  readonly #toStop: Statement<[number], AttemptRef>;

  constructor(db: Database, parts: AdvancingParts) {
    this.#parts = parts;
    this.#situations = new Situations(db);
    this.#settling = new Settling(db, parts);
    this.#promoting = new Promoting(db, parts.inputs);
    this.#claiming = new Claiming(db, parts);
    this.#toStop = db.prepare(
      `select f.id as flowId, t.id as taskId, t.fence
       from flow_task t indexed by flow_task_held join flow f on f.key = t.flow_key
       where t.runner_key = +? and t.attempt_end is null and t.state = ${TASK.cancelled}`,
    );
  }

  /**
   * The answer to a tick without settlements that has nothing to write either, found without the write
   * lock; null when there is something to do.
   */
  idle(tick: Tick): TickResult | null {
    const situation = this.#situations.of(tick.runnerId);
    if (situation === null) return { runner: 'lost' };
    const { runnerKey, nextDueAt: lookAgainAt, hasCancelled } = situation;
    if (lookAgainAt !== null && lookAgainAt <= tick.now) return null;
    const ledger = new Ledger(this.#parts.ledgers);
    const more = tick.claim !== null && this.#claiming.hasWork(tick.claim, ledger);
    if (more && tick.claim.limit > 0) return null;
    const stop = hasCancelled === 1 ? this.#toStop.all(runnerKey) : [];
    return { runner: 'ok', claimed: [], rejected: [], stop, changed: [], more, lookAgainAt };
  }

  /** MUST run inside a write transaction; `wrote` is false when there was nothing to commit. */
  advance(
    tick: Tick,
    settle: readonly EncodedSettlement[],
  ): { readonly result: TickResult; readonly wrote: boolean } {
    const situation = this.#situations.of(tick.runnerId);
    if (situation === null) return { result: { runner: 'lost' }, wrote: false };
    const { runnerKey, nextDueAt, hasCancelled } = situation;
    const ledger = new Ledger(this.#parts.ledgers);
    const draft: TickDraft = {
      now: tick.now,
      runnerKey,
      ledger,
      settled: new Map(),
      ended: [],
      failedFast: new Set(),
    };
    const rejected = this.#settle(settle, draft);
    const heir = this.#follow(draft, canInherit(tick.claim, situation, draft));
    const lookAgainAt = this.#promote(nextDueAt, draft);
    const { claimed, more } = this.#claim(tick.claim, heir, draft);
    const { changed, wrote } = ledger.close(tick.now);
    const mayStop = hasCancelled === 1 || draft.failedFast.size > 0;
    const stop = mayStop ? this.#toStop.all(runnerKey) : [];
    return { result: { runner: 'ok', claimed, rejected, stop, changed, more, lookAgainAt }, wrote };
  }

  /** Settles; returns what does not count. */
  #settle(settle: readonly EncodedSettlement[], draft: TickDraft): readonly AttemptRef[] {
    const rejected = settle
      .filter((encoded) => !this.#settling.settle(encoded, draft))
      .map(({ settlement }) => settlement.attempt);
    this.#settling.write(draft);
    return rejected;
  }

  /** Lets everything follow that the settled tasks decide, but for the claim of an heir, which is left to `#claim`. */
  #follow(draft: TickDraft, canInherit: boolean): Heir | null {
    const { following, cancelling } = this.#parts;
    if (canInherit) return following.followToHeir(draft.ended, draft);
    following.follow(draft.ended, draft);
    for (const key of draft.failedFast) {
      cancelling.cancelRest(draft.ledger.flow(key), 'failed', draft);
    }
    return null;
  }

  /** The hop of a chain takes the short way: its task is written once, and the index of ready tasks not at all. */
  #claim(claim: Claim | null, heir: Heir | null, draft: TickDraft): Claims {
    if (claim === null) return { claimed: [], more: false };
    if (heir !== null) {
      const claimed = this.#claiming.claimHeir(heir, claim, draft);
      if (claimed !== null) return { claimed: [claimed], more: false };
      this.#parts.following.write(heir, draft);
    }
    return this.#claiming.claim(claim, draft);
  }

  /** Promotes what is due; returns when the next task will be. `nextDueAt` is from before the tick. */
  #promote(nextDueAt: EpochMs | null, draft: TickDraft): EpochMs | null {
    const next = draft.failedFast.size > 0 ? this.#promoting.next() : earliest(nextDueAt, draft);
    if (next === null || next > draft.now) return next;
    this.#promoting.promote(draft.now, draft.ledger);
    return this.#promoting.next();
  }
}

/** Whether a task that the tick makes ready is claimed at once if it is the only one: no other is, or will be, in its way. */
function canInherit(
  claim: Claim | null,
  { hasReady, nextDueAt }: Situation,
  draft: TickDraft,
): boolean {
  if (claim === null || claim.limit === 0 || hasReady === 1) return false;
  const next = earliest(nextDueAt, draft);
  if (draft.failedFast.size > 0 || (next !== null && next <= draft.now)) return false;
  return [...draft.settled.values()].every(({ state }) => state !== TASK.ready);
}

/** The earlier of a time and the times to which the tick has delayed tasks. */
function earliest(first: EpochMs | null, { settled }: TickDraft): EpochMs | null {
  let next = first;
  for (const { availableAt } of settled.values()) {
    if (availableAt !== null && (next === null || availableAt < next)) next = availableAt;
  }
  return next;
}
