import { MAX_TICK, type Tick, type TickResult, type WorkStore } from '@tasked/core';

/** Most ticks under way at once: the one that a runner's loop waits for, and those beside it. */
export const MAX_TICKS = 2;

/** So much must be there to settle or to claim for a tick to go beside others. */
const WORTH_A_TICK = 32;

/**
 * The ticks that a runner has sent and that are not answered yet. While the store works elsewhere, several share the
 * runner's slots: some of what it runs is committed while the rest runs.
 */
export class TicksInFlight {
  readonly #store: Pick<WorkStore, 'advance'>;
  readonly #slots: number;
  readonly #ticks = new Set<Tick>();
  /** Whether the event loop went on while the store did the last tick: only then can anything run beside one. */
  #storeIsElsewhere = false;
  /** How often the event loop went on, as far as ticks have waited for it. */
  #turns = 0;
  #isTurning = false;

  constructor(store: Pick<WorkStore, 'advance'>, slots: number) {
    this.#store = store;
    this.#slots = slots;
  }

  /** How many slots those under way may take when they are answered. */
  get claiming(): number {
    let claiming = 0;
    for (const { claim } of this.#ticks) claiming += claim?.limit ?? 0;
    return claiming;
  }

  /** Most settlements that the next tick carries, and most tasks that it claims: its share, if it need not go alone. */
  get most(): number {
    const share = Math.max(Math.ceil(this.#slots / MAX_TICKS), 2 * WORTH_A_TICK);
    return this.#storeIsElsewhere ? Math.min(MAX_TICK, share) : MAX_TICK;
  }

  /** Whether a further tick may go beside those under way. */
  get mayGoBeside(): boolean {
    return this.#storeIsElsewhere && this.#ticks.size > 0 && this.#ticks.size < MAX_TICKS;
  }

  /** Whether so many settlements, or so many tasks to claim, are worth a tick that goes beside others. */
  isWorthOne(count: number): boolean {
    return count >= WORTH_A_TICK;
  }

  /** Sends a tick, which is under way until the store has answered or failed. */
  async send(tick: Tick): Promise<TickResult> {
    this.#ticks.add(tick);
    const turns = this.#awaitTurn();
    try {
      const result = await this.#store.advance(tick);
      this.#storeIsElsewhere = this.#turns !== turns;
      return result;
    } finally {
      this.#ticks.delete(tick);
    }
  }

  /** Has the next turn counted; returns the count before it. */
  #awaitTurn(): number {
    if (!this.#isTurning) {
      this.#isTurning = true;
      setImmediate(() => {
        this.#isTurning = false;
        this.#turns += 1;
      });
    }
    return this.#turns;
  }
}
