import { backgroundClock } from './background-clock.ts';
import type { EpochMs } from './ids.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';

/** Pause between two rounds when nobody says otherwise: five minutes. */
const INTERVAL_MS = 300_000;

/** One kind of thing that is to be removed when its time is over. */
export interface Sweep {
  /** What it removes, for the log: `expired tasks`. */
  readonly name: string;
  /**
   * Removes what is over at `now`, and tells how much that was. MUST be safe while other processes do the
   * same on the same data, and MUST leave alone whatever is still in use.
   */
  sweep(now: EpochMs): Promise<number>;
}

/** What a janitor does, and how often. */
export interface JanitorOptions {
  /** Done one after the other, in this order. */
  readonly sweeps: readonly Sweep[];
  /** Pause between the end of one round and the next; 300,000 ms if omitted. */
  readonly intervalMs?: number;
  /** {@link backgroundClock} if omitted: a janitor keeps no process alive. */
  readonly clock?: Clock;
  /** Hears what was removed and what went wrong; omitted: nobody does. */
  readonly logger?: Logger;
}

/** How much each sweep of one round removed, by its name; one that failed is left out. */
export type SweepCounts = Readonly<Record<string, number>>;

/**
 * Sweeps at once when it starts, and after every interval, until it is stopped. A sweep that fails is logged and
 * tried again in the next round; the others go on. Any number of processes may have one on the same data.
 */
export class Janitor {
  readonly #sweeps: readonly Sweep[];
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #logger: Logger | undefined;
  #callOff: (() => void) | null = null;
  #round: Promise<SweepCounts> | null = null;

  constructor({
    sweeps,
    intervalMs = INTERVAL_MS,
    clock = backgroundClock,
    logger,
  }: JanitorOptions) {
    this.#sweeps = sweeps;
    this.#intervalMs = intervalMs;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Begins; does nothing when it has begun before. */
  start(): void {
    if (this.#callOff === null) this.#scheduleIn(0);
  }

  /** Begins no further round. Resolves when the one under way has ended. May be started again. */
  async stop(): Promise<void> {
    this.#callOff?.();
    this.#callOff = null;
    await this.#round;
  }

  /** One round now; of calls at the same time all get the same one. Never rejects. */
  runOnce(): Promise<SweepCounts> {
    this.#round ??= this.#sweepAll().finally(() => {
      this.#round = null;
    });
    return this.#round;
  }

  #scheduleIn(delayMs: number): void {
    const callOff = this.#clock.schedule(delayMs, () => {
      void this.runOnce().then(() => {
        // Not when it was stopped meanwhile, or stopped and started anew.
        if (this.#callOff === callOff) this.#scheduleIn(this.#intervalMs);
      });
    });
    this.#callOff = callOff;
  }

  async #sweepAll(): Promise<SweepCounts> {
    const counts: Record<string, number> = {};
    for (const sweep of this.#sweeps) {
      try {
        const removed = await sweep.sweep(this.#clock.now());
        counts[sweep.name] = removed;
        if (removed > 0) this.#logger?.info(`the janitor removed ${removed} ${sweep.name}`);
      } catch (error) {
        this.#logger?.error(`the janitor could not remove ${sweep.name}`, { error });
      }
    }
    return counts;
  }
}
