import { monotonicMs } from './monotonic-ms.ts';

/** Counts jobs as they start. */
export class JobCount {
  readonly #expected: number;
  readonly #reached: PromiseWithResolvers<void>;
  #jobs = 0;
  #firstAt = Number.NaN;

  constructor(expected: number) {
    this.#expected = expected;
    this.#reached = Promise.withResolvers();
  }

  /** What a runner does as each job. */
  readonly work = (): undefined => {
    if (this.#jobs === 0) this.#firstAt = monotonicMs();
    this.#jobs += 1;
    if (this.#jobs === this.#expected) this.#reached.resolve();
  };

  /** Resolves when as many have started as were expected. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  get jobs(): number {
    return this.#jobs;
  }

  /** When the first started; NaN before. */
  get firstAt(): number {
    return this.#firstAt;
  }
}
