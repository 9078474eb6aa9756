import {
  type Clock,
  type Executor,
  type Logger,
  MAX_TICK,
  type Random,
  type RunnerId,
  type Settlement,
  settleLost,
  type TakenAttempt,
  type WorkStore,
} from '@tasked/core';

/** How often a runner looks for dead ones. */
const REAP_EVERY_MS = 500;

/** What a reaper needs of its runner. */
export interface ReaperOptions {
  readonly store: Pick<WorkStore, 'lostRunners' | 'takeOver'>;
  readonly executors: ReadonlyMap<string, Executor>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The id of the runner now. */
  readonly runnerId: () => RunnerId;
  readonly onSettled: (settlement: Settlement) => void;
}

/**
 * Takes over from dead runners: ends what their attempts left running, then has each attempt settled by
 * policy. Looks at once when started, and every half second after that.
 */
export class Reaper {
  readonly #options: ReaperOptions;
  #cancelTimer: (() => void) | null = null;
  #stopped = false;
  #reclaiming = 0;

  constructor(options: ReaperOptions) {
    this.#options = options;
  }

  /** How many attempts are being reclaimed. */
  get size(): number {
    return this.#reclaiming;
  }

  /** Looks once and from then on regularly. Resolves after the first look. */
  async start(): Promise<void> {
    await this.#look();
  }

  /** Takes over nothing more; what is being reclaimed goes on. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTimer?.();
  }

  async #look(): Promise<void> {
    const { store, clock, logger, runnerId } = this.#options;
    try {
      for (const dead of await store.lostRunners(runnerId())) await this.#takeOver(dead);
    } catch (error) {
      logger.warn('could not look for dead runners', { error });
    }
    if (this.#stopped) return;
    this.#cancelTimer = clock.schedule(REAP_EVERY_MS, () => void this.#look());
  }

  async #takeOver(dead: RunnerId): Promise<void> {
    const { store, clock, logger, runnerId } = this.#options;
    for (;;) {
      const take = { dead, by: runnerId(), limit: MAX_TICK, now: clock.now() };
      const taken = await store.takeOver(take);
      if (taken.length === 0) return;
      logger.info('taking over from a dead runner', { dead, attempts: taken.length });
      for (const attempt of taken) void this.#reclaim(attempt);
    }
  }

  async #reclaim(taken: TakenAttempt): Promise<void> {
    const { executors, clock, random, logger, onSettled } = this.#options;
    const { ref, attempt, retry, executor, config } = taken;
    this.#reclaiming += 1;
    try {
      const lost = { ref: { ...ref, fence: taken.lostFence }, executor, config };
      await executors.get(executor)?.reclaim?.(lost);
    } catch (error) {
      logger.warn('could not end what a lost attempt left running', { ...ref, error });
    }
    this.#reclaiming -= 1;
    const moment = { now: clock.now(), random };
    onSettled(
      taken.cancelled
        ? { attempt: ref, kind: 'stopped' }
        : settleLost({ ref, attempt, retry }, moment),
    );
  }
}
