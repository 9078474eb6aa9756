import type {
  AttemptContext,
  AttemptRef,
  ClaimedAttempt,
  Clock,
  Executor,
  JsonObject,
  JsonValue,
  LogStore,
  LogStream,
  Outcome,
  StopReason,
  TaskFailure,
} from '@tasked/core';
import type { ResolvedTask } from './spec/templates.ts';
import { storable } from './storable.ts';
import { thrownText } from './thrown-text.ts';

/** What an attempt needs of the runner that executes it. */
export interface AttemptHost {
  readonly clock: Clock;
  readonly logs: LogStore;
}

/** One attempt in execution: run once, told to stop at any time. */
export class AttemptRun {
  readonly claimed: ClaimedAttempt;
  /** Why it was told to stop; null while it may go on. The first reason stays. */
  stopReason: StopReason | null = null;
  /** True once its executor was called: from then on the attempt is spent. */
  started = false;
  /** Length of its output as compact JSON, once it has ended. */
  outputChars = 0;
  /** True once its executor appended to its log. */
  logged = false;
  #abort: AbortController | null = null;

  constructor(claimed: ClaimedAttempt) {
    this.claimed = claimed;
  }

  stop(reason: StopReason): void {
    if (this.stopReason !== null) return;
    this.stopReason = reason;
    this.#abort?.abort(reason);
  }

  /** Made when an executor first asks for it: most attempts of short work never do. */
  get signal(): AbortSignal {
    if (this.#abort === null) {
      this.#abort = new AbortController();
      if (this.stopReason !== null) this.#abort.abort(this.stopReason);
    }
    return this.#abort.signal;
  }

  /**
   * Runs the executor to its end and never rejects: whatever goes wrong is an outcome. What it logged can
   * be read by then, so that whoever sees the task ended sees all of its log.
   */
  async run(executor: Executor, resolved: ResolvedTask, host: AttemptHost): Promise<Outcome> {
    const outcome = await this.#execute(executor, resolved, host);
    // A log that cannot be written is its store's to tell, and no reason to lose the outcome.
    if (this.logged) await host.logs.flush().catch(() => {});
    return outcome;
  }

  async #execute(executor: Executor, resolved: ResolvedTask, host: AttemptHost): Promise<Outcome> {
    this.started = true;
    const { timeoutMs } = this.claimed;
    const cancelTimer =
      timeoutMs === null ? null : host.clock.schedule(timeoutMs, () => this.stop('timeout'));
    try {
      const said = await executor.run(new Context(this, resolved, host.logs));
      const { outcome, outputChars } = storable(said);
      this.outputChars = outputChars;
      return this.stopReason === 'timeout' ? timedOut(timeoutMs, outcome) : outcome;
    } catch (error) {
      if (this.stopReason === 'timeout') return timedOut(timeoutMs, null);
      return { kind: 'failed', failure: thrown(error) };
    } finally {
      cancelTimer?.();
    }
  }
}

class Context implements AttemptContext {
  readonly config: JsonObject;
  readonly input: JsonValue;
  readonly references: ReadonlyMap<string, JsonValue>;
  readonly #run: AttemptRun;
  readonly #logs: LogStore;

  constructor(run: AttemptRun, resolved: ResolvedTask, logs: LogStore) {
    this.#run = run;
    this.#logs = logs;
    this.config = resolved.config;
    this.input = resolved.input;
    this.references = resolved.references;
  }

  get ref(): AttemptRef {
    return this.#run.claimed.ref;
  }

  get attempt(): number {
    return this.#run.claimed.attempt;
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  log(stream: LogStream, chunk: string | Uint8Array): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#run.logged = true;
    this.#logs.append(this.ref, stream, bytes);
  }
}

/** A timeout is a failure whatever the executor made of being cut off; its partial output is kept. */
function timedOut(timeoutMs: number | null, outcome: Outcome | null): Outcome {
  const failure: TaskFailure = {
    code: 'timeout',
    message: `timed out after ${(timeoutMs ?? 0) / 1000} s; give it a longer timeout_secs or less to do`,
    retryable: true,
  };
  if (outcome === null || outcome.kind === 'snooze' || outcome.output === undefined) {
    return { kind: 'failed', failure };
  }
  return { kind: 'failed', failure, output: outcome.output };
}

function thrown(error: unknown): TaskFailure {
  return { code: 'executor_error', message: thrownText(error), retryable: true };
}
