import type {
  ClaimedAttempt,
  Executor,
  LogStore,
  LogStream,
  Outcome,
  StopReason,
  TaskFailure,
} from '@tasked/core';
import { RunningAttempt } from './attempt-context.ts';
import { AttemptReports, type ReportsHost } from './attempt-reports.ts';
import type { ResolvedTask } from './spec/templates.ts';
import { storable } from './storable.ts';
import { thrownFailure } from './thrown-failure.ts';
import type { TimeLimits } from './time-limits.ts';

/** What an attempt needs of the runner that executes it. */
export interface AttemptHost extends ReportsHost {
  readonly logs: LogStore;
  readonly limits: TimeLimits;
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
  readonly #host: AttemptHost;
  #logged = false;
  #hasEnded = false;
  #reports: AttemptReports | null = null;
  #abort: AbortController | null = null;

  constructor(claimed: ClaimedAttempt, host: AttemptHost) {
    this.claimed = claimed;
    this.#host = host;
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

  get reports(): AttemptReports {
    if (this.#reports === null) {
      this.#reports = new AttemptReports(this.claimed.ref, this.#host);
      if (this.#hasEnded) void this.#reports.end();
    }
    return this.#reports;
  }

  log(stream: LogStream, bytes: Uint8Array): void {
    this.#logged = true;
    this.#host.logs.append(this.claimed.ref, stream, bytes);
  }

  /**
   * Runs the executor to its end and never rejects: whatever goes wrong is an outcome. What it logged can
   * be read by then, so that whoever sees the task ended sees all of its log; and what it saved is kept.
   */
  async run(executor: Executor, resolved: ResolvedTask): Promise<Outcome> {
    const outcome = await this.#execute(executor, resolved);
    this.#hasEnded = true;
    if (this.#reports !== null) await this.#reports.end();
    // A log that cannot be written is its store's to tell, and no reason to lose the outcome.
    if (this.#logged) await this.#host.logs.flush().catch(() => {});
    return outcome;
  }

  async #execute(executor: Executor, resolved: ResolvedTask): Promise<Outcome> {
    this.started = true;
    const { timeoutMs, resume } = this.claimed;
    const endLimit =
      timeoutMs === null ? null : this.#host.limits.begin(timeoutMs, () => this.stop('timeout'));
    try {
      const said = await executor.run(new RunningAttempt(this, resolved));
      const { outcome, outputChars } = storable(said, resume ?? undefined);
      this.outputChars = outputChars;
      return this.stopReason === 'timeout' ? timedOut(timeoutMs, outcome) : outcome;
    } catch (error) {
      if (this.stopReason === 'timeout') return timedOut(timeoutMs, null);
      return { kind: 'failed', failure: thrownFailure(error) };
    } finally {
      endLimit?.();
    }
  }
}

/** A timeout is a failure whatever the executor made of being cut off; its partial output is kept. */
function timedOut(timeoutMs: number | null, outcome: Outcome | null): Outcome {
  const failure: TaskFailure = {
    code: 'timeout',
    message: `timed out after ${(timeoutMs ?? 0) / 1000} s; give it a longer timeout_secs or less to do`,
    retryable: true,
  };
  const output = outcome !== null && 'output' in outcome ? outcome.output : undefined;
  return output === undefined ? { kind: 'failed', failure } : { kind: 'failed', failure, output };
}
