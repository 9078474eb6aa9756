import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from './monotonic-ms.ts';
import type { Span } from './requests.ts';

/** How often it is told how many jobs have started. */
const TELL_MS = 5;

/** What the jobs of one runner do, and when they did it. */
export class JobLog {
  readonly #workMs: number | null;
  readonly #spans: Span[] = [];
  readonly #timer: NodeJS.Timeout;
  #started = 0;
  #told = 0;

  /** Tells `started` how many jobs have started, until it is stopped. */
  constructor(workMs: number | null, started: (jobs: number) => void) {
    this.#workMs = workMs;
    this.#timer = setInterval(() => {
      if (this.#told !== this.#started) started(this.#started);
      this.#told = this.#started;
    }, TELL_MS);
  }

  /** What a runner does as each job. */
  readonly work = (): Promise<void> | undefined => {
    this.#started += 1;
    const from = monotonicMs();
    if (this.#workMs === null) return new Promise(() => {});
    if (this.#workMs > 0) return this.#sleep(from, this.#workMs);
    this.#spans.push([from, from]);
    return undefined;
  };

  /** Stops telling; returns when jobs began and ended. */
  stop(): readonly Span[] {
    clearInterval(this.#timer);
    return this.#spans;
  }

  async #sleep(from: number, ms: number): Promise<void> {
    await sleep(ms);
    this.#spans.push([from, monotonicMs()]);
  }
}
