import {
  type Claim,
  type Clock,
  type EpochMs,
  type Executor,
  type IdSource,
  type Logger,
  type LogStore,
  type QueueName,
  type Random,
  type RunnerId,
  randomIds,
  type Store,
  systemClock,
  type Tick,
  type TickResult,
} from '@tasked/core';
import { Attempts } from './attempts.ts';
import { executorsByType } from './executors-by-type.ts';
import { OutputCache } from './output-cache.ts';
import { Reaper } from './reaper.ts';
import { Registration } from './registration.ts';
import { silentLogger } from './silent-logger.ts';
import { TicksInFlight } from './ticks-in-flight.ts';
import { Wakeup } from './wakeup.ts';

/** How many attempts a runner executes at once unless told otherwise. */
export const DEFAULT_SLOTS = 50;

/** How long executors get to end after a graceful stop has aborted them. */
const ABORT_MS = 5_000;

/** How long to leave alone what other runners were working on when this one looked for work. */
const BUSY_MS = 2;

/** Delays between tries when the store does not answer: the first, and the longest. */
const FIRST_RETRY_MS = 20;
const LONGEST_RETRY_MS = 1_000;

/** What a runner is made of. */
export interface RunnerOptions {
  readonly store: Store;
  readonly logs: LogStore;
  readonly executors: readonly Executor[];
  /**
   * Executors whose tasks it does not run. When it takes over such a task from a dead runner, they still end what
   * that left running here.
   */
  readonly reclaimers?: readonly Executor[];
  /** Attempts at once; default {@link DEFAULT_SLOTS}. */
  readonly slots?: number;
  /** Only these queues; omitted: all. */
  readonly queues?: readonly QueueName[];
  /** For people; default `<host>:<pid>`. */
  readonly name?: string;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly logger?: Logger;
  readonly random?: Random;
}

/**
 * Runs tasks: claims what is ready, executes it, commits how it ended, takes over from dead runners
 * (docs/state-machine.md). Side effects of tasks are at-least-once; records are exactly-once.
 */
export class Runner {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #slots: number;
  readonly #claim: Omit<Claim, 'limit'>;
  readonly #wakeup: Wakeup;
  readonly #attempts: Attempts;
  readonly #reaper: Reaper;
  readonly #registration: Registration;
  #unsubscribe: () => void = () => {};
  #phase: 'new' | 'running' | 'draining' | 'finishing' = 'new';
  #starting: Promise<void> | null = null;
  #looping: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | null = null;
  #failures = 0;
  readonly #inFlight: TicksInFlight;
  /** Ticks beside the one that the loop waits for. */
  #isBesideSoon = false;
  readonly #beside = new Set<Promise<void>>();
  /** Whether the last answer left work behind that could be claimed. */
  #hasMore = false;
  #onEmpty: (() => void) | null = null;

  constructor(options: RunnerOptions) {
    const { store, logs, clock = systemClock, logger = silentLogger } = options;
    const { random = Math.random, slots = DEFAULT_SLOTS, ids = randomIds, name } = options;
    const executors = executorsByType(options.executors);
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#slots = slots;
    this.#registration = new Registration({ store, ids, clock, name });
    this.#inFlight = new TicksInFlight(store, slots);
    const { queues } = options;
    this.#claim = {
      standing: true,
      executors: [...executors.keys()],
      ...(queues === undefined ? {} : { queues }),
    };
    this.#wakeup = new Wakeup(clock);
    const outputs = new OutputCache(store);
    const onEnd = () => this.#attemptEnded();
    this.#attempts = new Attempts({
      executors,
      outputs,
      logs,
      store,
      clock,
      random,
      logger,
      onEnd,
    });
    this.#reaper = new Reaper({
      store,
      executors: executorsByType([...options.executors, ...(options.reclaimers ?? [])]),
      clock,
      random,
      logger,
      runnerId: () => this.id,
      onSettled: (settlement) => this.#attempts.settle(settlement),
    });
  }

  /** Its id in the store; a new one after it was taken over. */
  get id(): RunnerId {
    return this.#registration.id;
  }

  /** Registers, takes over from dead runners, and runs tasks from then on. */
  async start(): Promise<void> {
    if (this.#phase === 'new') {
      this.#phase = 'running';
      this.#starting = this.#start();
    }
    await this.#starting;
  }

  async #start(): Promise<void> {
    await this.#registration.renew();
    this.#unsubscribe = this.#store.subscribe((hint) => {
      if (hint.by !== this.id) this.#wakeup.ring();
    });
    await this.#reaper.start();
    this.#looping = this.#loop();
  }

  /**
   * Stops gracefully: claims nothing more, lets running attempts end for `graceMs`, then aborts and
   * releases them. Resolves when everything is committed and the runner is unregistered.
   */
  stop(options: { readonly graceMs: number }): Promise<void> {
    this.#stopping ??= this.#stop(options.graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<void> {
    this.#phase = 'draining';
    if (this.#starting === null) return;
    await this.#starting;
    this.#reaper.stop();
    await this.#emptyWithin(graceMs);
    this.#attempts.stopAll('shutdown');
    await this.#emptyWithin(ABORT_MS);
    this.#phase = 'finishing';
    this.#wakeup.ring();
    await this.#looping;
    this.#unsubscribe();
    await this.#registration.end();
  }

  async #loop(): Promise<void> {
    for (;;) {
      const lookAgainAt = await this.#tick();
      if (this.#phase === 'finishing') await Promise.all(this.#beside);
      const committed = !this.#attempts.hasSettled;
      if (this.#phase === 'finishing' && (committed || this.#failures > 0)) return;
      await this.#wakeup.sleep(lookAgainAt);
    }
  }

  /** One `advance`; returns when to look again if nobody rings. */
  async #tick(): Promise<EpochMs | null> {
    try {
      if (this.#registration.underWay !== null) await this.#registration.underWay;
      const answer = this.#send(this.#nextTick());
      this.#tickBeside();
      const lookAgainAt = await answer;
      this.#failures = 0;
      return lookAgainAt;
    } catch (error) {
      return this.#afterFailure(error);
    }
  }

  /**
   * Sends further ticks while one is under way: under load a part of the slots runs while another is committed. What
   * goes wrong with them the loop's own ticks find out too.
   */
  #tickBeside(): void {
    while (this.#mayTickBeside()) {
      const beside = this.#send(this.#nextTick())
        .catch((error: unknown) => {
          this.#logger.debug('a tick beside another one failed', { error });
        })
        .then(() => {
          this.#beside.delete(beside);
          this.#wakeup.ring();
        });
      this.#beside.add(beside);
    }
  }

  /** Once everything that ends now has ended: it all goes into one tick. */
  #tickBesideSoon(): void {
    if (this.#isBesideSoon || !this.#mayTickBeside()) return;
    this.#isBesideSoon = true;
    setImmediate(() => {
      this.#isBesideSoon = false;
      this.#tickBeside();
    });
  }

  #mayTickBeside(): boolean {
    if (this.#phase !== 'running' || this.#registration.underWay !== null) return false;
    if (!this.#inFlight.mayGoBeside) return false;
    const claimable = this.#hasMore ? this.#free() : 0;
    return this.#inFlight.isWorthOne(Math.max(this.#attempts.settledCount, claimable));
  }

  #nextTick(): Tick {
    const { most } = this.#inFlight;
    const limit = this.#phase === 'running' ? Math.min(this.#free(), most) : 0;
    return {
      runnerId: this.id,
      now: this.#clock.now(),
      settle: this.#attempts.takeSettled(most),
      claim: limit > 0 ? { ...this.#claim, limit } : null,
    };
  }

  /**
   * One tick there and back. What comes back to a registration that this runner has given up since is for nobody: what
   * it settled or claimed belongs to the runner that took over.
   */
  async #send(tick: Tick): Promise<EpochMs | null> {
    let result: TickResult;
    try {
      result = await this.#inFlight.send(tick);
    } catch (error) {
      if (tick.runnerId === this.id) this.#attempts.putBack(tick.settle);
      throw error;
    }
    if (tick.runnerId !== this.id) return null;
    if (result.runner === 'ok') return this.#apply(result);
    await this.#startAnew();
    return null;
  }

  #apply(result: Extract<TickResult, { runner: 'ok' }>): EpochMs | null {
    this.#attempts.stop(result.stop, 'cancelled');
    if (this.#phase === 'running') this.#attempts.start(result.claimed);
    else this.#attempts.release(result.claimed);
    this.#attempts.rejected(result.rejected);
    this.#hasMore = result.more;
    const { more, claimed } = result;
    if (this.#attempts.hasSettled) this.#wakeup.ring();
    else if (more && claimed.length === 0) this.#clock.schedule(BUSY_MS, () => this.#wakeup.ring());
    else if (more && this.#free() > 0) this.#wakeup.ring();
    return result.lookAgainAt;
  }

  /** Another runner has taken over: nothing that runs here counts any more. */
  async #startAnew(): Promise<void> {
    this.#logger.warn('this runner was taken over; its attempts are aborted', { runner: this.id });
    this.#attempts.stopAll('runner_lost');
    this.#attempts.dropSettled();
    await this.#registration.renew();
    this.#wakeup.ring();
  }

  #afterFailure(error: unknown): EpochMs {
    this.#failures += 1;
    const delay = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
    this.#logger.error('the store did not answer; trying again', { error, delayMs: delay });
    return this.#clock.now() + delay;
  }

  #free(): number {
    return this.#slots - this.#attempts.size - this.#inFlight.claiming;
  }

  #attemptEnded(): void {
    const isLast = this.#attempts.size + this.#reaper.size === 0;
    if (isLast) this.#onEmpty?.();
    this.#wakeup.ring(isLast);
    this.#tickBesideSoon();
  }

  /** Resolves when nothing runs any more, or after `ms`. */
  #emptyWithin(ms: number): Promise<void> {
    if (ms <= 0 || this.#attempts.size + this.#reaper.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancelTimer = this.#clock.schedule(ms, done);
      function done(): void {
        cancelTimer();
        resolve();
      }
      this.#onEmpty = done;
    });
  }
}
