import type { Claim, ClaimedAttempt, EpochMs, RunnerId } from '@tasked/core';

/** A runner that has room for what a flow begins with. */
export interface Offer {
  readonly runnerId: RunnerId;
  readonly claim: Claim;
  /** So many of its slots are kept until the offer is answered. */
  readonly tasks: number;
}

/** What the claim of a tick comes to. */
export interface Opened {
  /** What was given to the runner before. */
  readonly given: readonly ClaimedAttempt[];
  /** What it may claim besides. */
  readonly claim: Claim;
  /** What the tick before it said. */
  readonly lookAgainAt: EpochMs | null;
}

interface Standing {
  /** Null while nothing may be given. */
  claim: Claim | null;
  lookAgainAt: EpochMs | null;
  ticksUnderWay: number;
  /** Slots that are neither filled nor kept. */
  free: number;
  /** Slots that are kept for creations under way. */
  kept: number;
  given: readonly ClaimedAttempt[];
  /** Waits until none is kept. */
  onNoneKept: (() => void) | null;
}

/**
 * The standing claims of runners (`Claim.standing`). While no tick of such a runner is under way, what a flow begins with
 * may be given to it by the creation of the flow; here it stays until the runner's next tick.
 */
export class StandingClaims {
  readonly #runners = new Map<RunnerId, Standing>();

  /** A tick that claims begins. */
  open(runnerId: RunnerId, claim: Claim): Opened {
    if (claim.standing && !this.#runners.has(runnerId)) this.#runners.set(runnerId, newcomer());
    const runner = this.#runners.get(runnerId);
    if (runner === undefined) return { given: [], claim, lookAgainAt: null };
    const { given, kept, lookAgainAt } = runner;
    runner.given = [];
    runner.ticksUnderWay += 1;
    const limit = Math.max(0, claim.limit - given.length - kept);
    return { given, claim: { ...claim, limit }, lookAgainAt };
  }

  /** It was answered: what it has not claimed of its claim stands. */
  close(runnerId: RunnerId, claim: Claim, lookAgainAt: EpochMs | null): void {
    const runner = this.#runners.get(runnerId);
    if (runner === undefined) return;
    runner.ticksUnderWay -= 1;
    runner.claim = claim.standing ? claim : null;
    runner.free = claim.limit;
    runner.lookAgainAt = lookAgainAt;
  }

  /** It failed: nothing is given until another one was answered. */
  failed(runnerId: RunnerId): void {
    const runner = this.#runners.get(runnerId);
    if (runner === undefined) return;
    runner.ticksUnderWay -= 1;
    runner.claim = null;
  }

  /** What was to be fetched, or given back, waits for another tick. */
  putBack(runnerId: RunnerId, given: readonly ClaimedAttempt[]): void {
    const runner = this.#runners.get(runnerId);
    if (runner !== undefined) runner.given = [...given, ...runner.given];
  }

  /** A runner that has room for so many tasks, which is kept for them. */
  offer(tasks: number): Offer | null {
    for (const [runnerId, runner] of this.#runners) {
      if (runner.claim === null || runner.ticksUnderWay > 0 || runner.free < tasks) continue;
      runner.free -= tasks;
      runner.kept += tasks;
      return { runnerId, claim: runner.claim, tasks };
    }
    return null;
  }

  /** What came of an offer: what was given, mostly all or nothing. */
  answer({ runnerId, tasks }: Offer, given: readonly ClaimedAttempt[]): void {
    const runner = this.#runners.get(runnerId);
    if (runner === undefined) return;
    runner.kept -= tasks;
    runner.free += tasks - given.length;
    runner.given = [...runner.given, ...given];
    if (runner.kept === 0) runner.onNoneKept?.();
  }

  /** A tick claims nothing: nothing is given until one does. Returns what was given, unless one is to fetch it. */
  withdraw(runnerId: RunnerId): readonly ClaimedAttempt[] {
    const runner = this.#runners.get(runnerId);
    if (runner === undefined || runner.ticksUnderWay > 0) return [];
    const { given } = runner;
    runner.claim = null;
    runner.given = [];
    return given;
  }

  /** The runner is about to leave. Resolves when no offer of it is open, with what it has not fetched. */
  async end(runnerId: RunnerId): Promise<readonly ClaimedAttempt[]> {
    const runner = this.#runners.get(runnerId);
    if (runner === undefined) return [];
    runner.claim = null;
    if (runner.kept > 0) {
      await new Promise<void>((resolve) => {
        runner.onNoneKept = resolve;
      });
    }
    this.#runners.delete(runnerId);
    return runner.given;
  }

  /** Others have taken over from the runner. */
  forget(runnerId: RunnerId): void {
    this.#runners.delete(runnerId);
  }
}

function newcomer(): Standing {
  return {
    claim: null,
    lookAgainAt: null,
    ticksUnderWay: 0,
    free: 0,
    kept: 0,
    given: [],
    onNoneKept: null,
  };
}
