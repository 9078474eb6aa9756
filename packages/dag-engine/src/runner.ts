import { hostname } from 'node:os';
import {
  type Clock,
  type EpochMs,
  type Executor,
  type IdSource,
  type Logger,
  type LogStore,
  MAX_TICK,
  type QueueName,
  type Random,
  type RunnerId,
  randomIds,
  type Store,
  type Tick,
  type TickResult,
} from '@tasked/core';
import { Attempts } from './attempts.ts';
import { executorsByType } from './executors-by-type.ts';
import { OutputCache } from './output-cache.ts';
import { Reaper } from './reaper.ts';
import { silentLogger } from './silent-logger.ts';
import { systemClock } from './system-clock.ts';
import { Wakeup } from './wakeup.ts';

/** How many attempts a runner executes at once unless told otherwise. */
export const DEFAULT_SLOTS = 50;

/** So much must be there to settle or to claim for a second tick to go beside one that is under way. */
const WORTH_A_TICK = 32;

/** How long executors get to end after a graceful stop has aborted them. */
const ABORT_MS = 5_000;

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
  readonly #ids: IdSource;
  readonly #logger: Logger;
  readonly #slots: number;
  readonly #name: string;
  readonly #claim: { executors: readonly string[]; queues?: readonly QueueName[] };
  readonly #wakeup: Wakeup;
  readonly #attempts: Attempts;
  readonly #reaper: Reaper;
  #id: RunnerId = '';
  #unsubscribe: () => void = () => {};
  #phase: 'new' | 'running' | 'draining' | 'finishing' = 'new';
  #starting: Promise<void> | null = null;
  #looping: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | null = null;
  #failures = 0;
  readonly #underWay = new Set<Tick>();
  /** Goes beside the tick that the loop waits for; null when there is none. */
  #beside: Promise<void> | null = null;
  /** Whether the event loop went on while the store did the last tick: only then can anything run beside one. */
  #storeIsElsewhere = false;
  /** Whether the last answer left work behind that could be claimed. */
  #hasMore = false;
  #onEmpty: (() => void) | null = null;

  constructor(options: RunnerOptions) {
    const { store, logs, clock = systemClock, logger = silentLogger } = options;
    const { random = Math.random, slots = DEFAULT_SLOTS } = options;
    const executors = executorsByType(options.executors);
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#slots = slots;
    this.#ids = options.ids ?? randomIds;
    this.#name = options.name ?? `${hostname()}:${process.pid}`;
    const { queues } = options;
    this.#claim = { executors: [...executors.keys()], ...(queues === undefined ? {} : { queues }) };
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
      runnerId: () => this.#id,
      onSettled: (settlement) => this.#attempts.settle(settlement),
    });
  }

  /** Its id in the store; a new one after it was taken over. */
  get id(): RunnerId {
    return this.#id;
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
    await this.#register();
    this.#unsubscribe = this.#store.subscribe((hint) => {
      if (hint.by !== this.#id) this.#wakeup.ring();
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
    await this.#store.unregisterRunner(this.#id);
  }

  async #register(): Promise<void> {
    this.#id = this.#ids.runnerId();
    await this.#store.registerRunner({
      id: this.#id,
      name: this.#name,
      host: hostname(),
      pid: process.pid,
      registeredAt: this.#clock.now(),
    });
  }

  async #loop(): Promise<void> {
    for (;;) {
      const lookAgainAt = await this.#tick();
      if (this.#phase === 'finishing') await this.#beside;
      const committed = !this.#attempts.hasSettled;
      if (this.#phase === 'finishing' && (committed || this.#failures > 0)) return;
      await this.#wakeup.sleep(lookAgainAt);
    }
  }

  /** One `advance`; returns when to look again if nobody rings. */
  async #tick(): Promise<EpochMs | null> {
    const tick = this.#nextTick();
    let hasTurned = false;
    const turn = setImmediate(() => {
      hasTurned = true;
    });
    try {
      const answer = this.#store.advance(tick);
      this.#tickBeside();
      const result = await answer;
      this.#storeIsElsewhere = hasTurned;
      this.#underWay.delete(tick);
      this.#failures = 0;
      return result.runner === 'lost' ? await this.#startAnew() : this.#apply(result);
    } catch (error) {
      this.#attempts.putBack(tick.settle);
      return this.#afterFailure(error);
    } finally {
      clearImmediate(turn);
      this.#underWay.delete(tick);
    }
  }

  /**
   * Sends a second tick while one is under way: under load one half of the slots runs while the other is committed.
   * What goes wrong with it the loop's own ticks find out too.
   */
  #tickBeside(): void {
    if (!this.#storeIsElsewhere || this.#phase !== 'running') return;
    if (this.#underWay.size === 0 || this.#beside !== null) return;
    const claimable = this.#hasMore ? this.#free() : 0;
    if (Math.max(this.#attempts.settledCount, claimable) < WORTH_A_TICK) return;
    const tick = this.#nextTick();
    this.#beside = this.#store
      .advance(tick)
      .then((result) => {
        this.#underWay.delete(tick);
        if (result.runner === 'ok') this.#apply(result);
        else this.#attempts.putBack(tick.settle);
      })
      .catch((error: unknown) => {
        this.#logger.debug('a tick beside another one failed', { error });
        this.#attempts.putBack(tick.settle);
      })
      .finally(() => {
        this.#underWay.delete(tick);
        this.#beside = null;
        this.#wakeup.ring();
      });
  }

  /** For at most half of the slots, if another one may go beside it and they are many. */
  #nextTick(): Tick {
    const half = Math.max(Math.ceil(this.#slots / 2), 2 * WORTH_A_TICK);
    const most = this.#storeIsElsewhere ? Math.min(MAX_TICK, half) : MAX_TICK;
    const limit = this.#phase === 'running' ? Math.min(this.#free(), most) : 0;
    const tick: Tick = {
      runnerId: this.#id,
      now: this.#clock.now(),
      settle: this.#attempts.takeSettled(most),
      claim: limit > 0 ? { ...this.#claim, limit } : null,
    };
    this.#underWay.add(tick);
    return tick;
  }

  #apply(result: Extract<TickResult, { runner: 'ok' }>): EpochMs | null {
    this.#attempts.stop(result.stop, 'cancelled');
    if (this.#phase === 'running') this.#attempts.start(result.claimed);
    else this.#attempts.release(result.claimed);
    this.#attempts.rejected(result.rejected);
    this.#hasMore = result.more;
    if (this.#attempts.hasSettled || (result.more && this.#free() > 0)) this.#wakeup.ring();
    return result.lookAgainAt;
  }

  /** Another runner has taken over: nothing that runs here counts any more. */
  async #startAnew(): Promise<null> {
    this.#logger.warn('this runner was taken over; its attempts are aborted', { runner: this.#id });
    this.#attempts.stopAll('runner_lost');
    this.#attempts.dropSettled();
    await this.#register();
    this.#wakeup.ring();
    return null;
  }

  #afterFailure(error: unknown): EpochMs {
    this.#failures += 1;
    const delay = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
    this.#logger.error('the store did not answer; trying again', { error, delayMs: delay });
    return this.#clock.now() + delay;
  }

  #free(): number {
    let free = this.#slots - this.#attempts.size;
    for (const { claim } of this.#underWay) free -= claim?.limit ?? 0;
    return free;
  }

  #attemptEnded(): void {
    if (this.#attempts.size + this.#reaper.size === 0) this.#onEmpty?.();
    this.#wakeup.ring();
    this.#tickBeside();
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
