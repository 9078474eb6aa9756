import type { ClaimedAttempt, EpochMs, RunnerId, Tick } from '@tasked/core';
import type { Advanced, Advancing } from './advancing.ts';
import type { StandingClaims } from './standing-claims.ts';

/** `WorkStore.advance`, for runners that may have been given something since their last tick. */
export class Ticks {
  readonly #advancing: Advancing;
  readonly #standing: StandingClaims;

  constructor(advancing: Advancing, standing: StandingClaims) {
    this.#advancing = advancing;
    this.#standing = standing;
  }

  async advance(tick: Tick): Promise<Advanced> {
    const { runnerId, now } = tick;
    if (tick.claim === null) {
      await this.#giveBack(runnerId, now, this.#standing.withdraw(runnerId));
      return this.#advancing.advance(tick);
    }
    const { given, claim, lookAgainAt } = this.#standing.open(runnerId, tick.claim);
    if (given.length > 0 && tick.settle.length === 0) {
      this.#standing.close(runnerId, claim, lookAgainAt);
      return { result: { ...FETCHED, claimed: given, lookAgainAt }, wrote: false };
    }
    try {
      const { result, wrote } = await this.#advancing.advance({ ...tick, claim });
      if (result.runner === 'lost') {
        this.#standing.forget(runnerId);
        return { result, wrote };
      }
      const limit = claim.limit - result.claimed.length;
      this.#standing.close(runnerId, { ...claim, limit }, result.lookAgainAt);
      return { result: { ...result, claimed: [...given, ...result.claimed] }, wrote };
    } catch (error) {
      this.#standing.failed(runnerId);
      this.#standing.putBack(runnerId, given);
      throw error;
    }
  }

  /** The runner ticks no more: gives back what it was given and has not fetched. */
  async end(runnerId: RunnerId, now: EpochMs): Promise<void> {
    await this.#giveBack(runnerId, now, await this.#standing.end(runnerId));
  }

  async #giveBack(
    runnerId: RunnerId,
    now: EpochMs,
    given: readonly ClaimedAttempt[],
  ): Promise<void> {
    if (given.length === 0) return;
    try {
      const refs = given.map(({ ref }) => ref);
      await this.#advancing.release(refs, { runnerId, now });
    } catch (error) {
      this.#standing.putBack(runnerId, given);
      throw error;
    }
  }
}

/** What is there to be fetched is fetched at once; whether there is more the next tick finds out. */
const FETCHED = { runner: 'ok', rejected: [], stop: [], changed: [], more: true } as const;
