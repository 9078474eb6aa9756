import type {
  AttemptRef,
  ClaimedAttempt,
  Clock,
  Executor,
  FlowTaskId,
  FlowTaskRef,
  JsonValue,
  Logger,
  LogStore,
  Outcome,
  Random,
  Settlement,
  StopReason,
  StoredOutput,
  WorkStore,
} from '@tasked/core';
import { type AttemptHost, AttemptRun } from './attempt-run.ts';
import { keyOf, type OutputCache } from './output-cache.ts';
import { settlementOf } from './settlement-of.ts';
import { type Outputs, resolveTask } from './spec/templates.ts';
import { thrownText } from './thrown-text.ts';
import { TimeLimits } from './time-limits.ts';

/** How long an attempt whose references could not be read waits before it is claimed again. */
const UNREADABLE_DELAY_MS = 1_000;

/** Most JSON bytes that the references of several attempts may bring in by one read, and those of one. */
const MAX_BATCH_BYTES = 32 * 1024 * 1024;
const MAX_ATTEMPT_BYTES = 256 * 1024 * 1024;

/** Most characters of JSON that the large outputs of one tick may have together, unless it is a single one. */
const MAX_TICK_CHARS = 16 * 1024 * 1024;

/** Shorter outputs are not counted: a tick of them alone is short enough. */
const LARGE_CHARS = 16 * 1024;

const NO_OUTPUTS: ReadonlyMap<string, StoredOutput> = new Map();
const NO_REFERENCES: ReadonlyMap<string, JsonValue> = new Map();

/** What running attempts need around them. */
export interface AttemptsOptions {
  readonly executors: ReadonlyMap<string, Executor>;
  readonly outputs: OutputCache;
  readonly logs: LogStore;
  readonly store: Pick<WorkStore, 'report'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Called whenever an attempt has ended. */
  readonly onEnd: () => void;
}

/** The attempts that this process executes now, and how the ended ones are to be settled. */
export class Attempts {
  readonly #options: AttemptsOptions;
  readonly #host: AttemptHost;
  readonly #running = new Map<string, AttemptRun>();
  #settled: Settlement[] = [];
  /** How long the outputs of large results are, as compact JSON. */
  readonly #large = new WeakMap<Settlement, number>();

  constructor(options: AttemptsOptions) {
    this.#options = options;
    this.#host = { ...options, limits: new TimeLimits(options.clock) };
  }

  /** How many slots are taken. */
  get size(): number {
    return this.#running.size;
  }

  /** How many settlements wait to be committed. */
  get settledCount(): number {
    return this.#settled.length;
  }

  /** True when a settlement waits to be committed. */
  get hasSettled(): boolean {
    return this.#settled.length > 0;
  }

  /** Starts what was claimed; one read brings the outputs that the whole batch refers to. */
  start(batch: readonly ClaimedAttempt[]): void {
    const needing: AttemptRun[] = [];
    for (const claimed of batch) {
      const run = new AttemptRun(claimed, this.#host);
      this.#running.set(attemptKey(claimed.ref), run);
      if (claimed.needs.length > 0) needing.push(run);
      else void this.#execute(run, NO_OUTPUTS);
    }
    if (needing.length > 0) void this.#executeWithOutputs(needing);
  }

  /** Gives back what was claimed and is not to be started. */
  release(batch: readonly ClaimedAttempt[]): void {
    for (const { ref } of batch) {
      this.#settled.push({ attempt: ref, kind: 'released', spent: false });
    }
  }

  /** Tells the named attempts to stop; those that have ended are left alone. */
  stop(refs: readonly AttemptRef[], reason: StopReason): void {
    for (const ref of refs) this.#running.get(attemptKey(ref))?.stop(reason);
  }

  /** Tells every attempt to stop. */
  stopAll(reason: StopReason): void {
    for (const run of this.#running.values()) run.stop(reason);
  }

  /** Adds a settlement that did not come from an attempt executed here. */
  settle(settlement: Settlement): void {
    this.#settled.push(settlement);
    this.#options.onEnd();
  }

  /**
   * Hands over up to `limit` settlements, oldest first; of large ones no more than can be committed without
   * keeping all else waiting.
   */
  takeSettled(limit: number): readonly Settlement[] {
    const count = this.#countForTick(limit);
    if (count < this.#settled.length) return this.#settled.splice(0, count);
    const all = this.#settled;
    this.#settled = [];
    return all;
  }

  #countForTick(limit: number): number {
    const most = Math.min(limit, this.#settled.length);
    let chars = 0;
    for (let count = 0; count < most; count++) {
      chars += this.#large.get(this.#settled[count] as Settlement) ?? 0;
      if (chars > MAX_TICK_CHARS && count > 0) return count;
    }
    return most;
  }

  /** Takes settlements back that could not be committed. */
  putBack(settlements: readonly Settlement[]): void {
    this.#settled = [...settlements, ...this.#settled];
  }

  /** Forgets what waits to be committed: it belongs to another runner now. */
  dropSettled(): void {
    this.#settled = [];
    this.#options.outputs.forgetAll();
  }

  /** Hears of results that were not committed and never will be. */
  rejected(refs: readonly AttemptRef[]): void {
    for (const ref of refs) {
      this.#options.outputs.forget(ref);
      this.#options.logger.debug('a late result was dropped', { ...ref });
    }
  }

  /** A batch that refers to too much is halved: what one may have must not depend on the others. */
  async #executeWithOutputs(runs: readonly AttemptRun[]): Promise<void> {
    const refs = runs.flatMap((run) => neededBy(run.claimed));
    const maxBytes = runs.length > 1 ? MAX_BATCH_BYTES : MAX_ATTEMPT_BYTES;
    let outputs: ReadonlyMap<string, StoredOutput>;
    try {
      outputs = await this.#options.outputs.read(refs, maxBytes);
    } catch (error) {
      this.#options.logger.error('outputs could not be read; their tasks wait', { error });
      for (const run of runs) this.#end(run, { kind: 'snooze', delayMs: UNREADABLE_DELAY_MS });
      return;
    }
    if (runs.length > 1 && [...outputs.values()].some(({ kind }) => kind === 'too_large')) {
      const half = runs.length >> 1;
      await this.#executeWithOutputs(runs.slice(0, half));
      await this.#executeWithOutputs(runs.slice(half));
      return;
    }
    for (const run of runs) void this.#execute(run, outputs);
  }

  async #execute(run: AttemptRun, outputs: ReadonlyMap<string, StoredOutput>): Promise<void> {
    let outcome: Outcome;
    try {
      outcome = await this.#outcomeOf(run, outputs);
    } catch (error) {
      outcome = this.#broken(run, error);
    }
    this.#end(run, outcome);
  }

  /** An attempt that could not even be begun fails; nothing of it may reach the others. */
  #broken(run: AttemptRun, error: unknown): Outcome {
    this.#options.logger.error('an attempt could not be begun', { ...run.claimed.ref, error });
    const message = `the task could not be prepared: ${thrownText(error)}`;
    return { kind: 'failed', failure: { code: 'internal', message, retryable: true } };
  }

  async #outcomeOf(run: AttemptRun, outputs: ReadonlyMap<string, StoredOutput>): Promise<Outcome> {
    const { claimed } = run;
    if (run.stopReason !== null) return { kind: 'snooze', delayMs: 0 };
    const executor = this.#options.executors.get(claimed.executor);
    if (executor === undefined) return { kind: 'snooze', delayMs: UNREADABLE_DELAY_MS };
    if (claimed.needs.length === 0) {
      const { config, input } = claimed;
      return await run.run(executor, { config, input, references: NO_REFERENCES });
    }
    const { config, input } = claimed;
    const templates = { config, input, rawFields: executor.rawFields ?? [] };
    const resolved = resolveTask(templates, ownOutputs(claimed, outputs));
    if (resolved.kind === 'unresolved') return { kind: 'failed', failure: resolved.failure };
    return await run.run(executor, resolved.value);
  }

  #end(run: AttemptRun, outcome: Outcome): void {
    const { clock, random, outputs, onEnd } = this.#options;
    this.#running.delete(attemptKey(run.claimed.ref));
    const settlement = settlementOf(run, outcome, { now: clock.now(), random });
    if (settlement !== null) {
      this.#settled.push(settlement);
      if (run.outputChars > LARGE_CHARS) this.#large.set(settlement, run.outputChars);
      if (settlement.kind === 'succeeded') {
        outputs.remember(settlement.attempt, settlement.output, run.outputChars);
      }
    }
    onEnd();
  }
}

function neededBy(claimed: ClaimedAttempt): readonly FlowTaskRef[] {
  return claimed.needs.map((taskId) => ({ flowId: claimed.ref.flowId, taskId }));
}

/** Of the whole batch's outputs those of the attempt's own flow, by task id. */
function ownOutputs(claimed: ClaimedAttempt, all: ReadonlyMap<string, StoredOutput>): Outputs {
  const own = new Map<FlowTaskId, StoredOutput>();
  for (const ref of neededBy(claimed)) {
    const output = all.get(keyOf(ref));
    if (output !== undefined) own.set(ref.taskId, output);
  }
  return own;
}

function attemptKey(ref: AttemptRef): string {
  return `${keyOf(ref)}/${ref.fence}`;
}
