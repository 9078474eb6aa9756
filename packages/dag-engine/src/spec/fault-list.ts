import type { Fault } from '@tasked/core';

/** Most faults that are told one by one. */
const MAX_FAULTS = 50;

/** What kind of wrong it is; decides the error's code. */
export type FaultKind = 'invalid_input' | 'limit_exceeded' | 'unsupported';

/** Gathers faults, tells the first 50 and counts the others. */
export class FaultList {
  readonly #faults: Fault[] = [];
  readonly #kinds = new Set<FaultKind>();
  #count = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Adds a fault; `describe` is called only when it will be told, for it may search for suggestions. */
  add(kind: FaultKind, describe: () => Fault): void {
    this.#kinds.add(kind);
    if (this.#count < MAX_FAULTS) this.#faults.push(describe());
    this.#count += 1;
  }

  /** The kind that all faults share, or else `invalid_input`. */
  get kind(): FaultKind {
    const [only] = this.#kinds;
    return this.#kinds.size === 1 && only !== undefined ? only : 'invalid_input';
  }

  /** The faults, and one more that counts those which are not told. */
  all(): readonly Fault[] {
    const more = this.#count - this.#faults.length;
    if (more === 0) return this.#faults;
    return [...this.#faults, { path: '', message: `${more} more faults are not listed` }];
  }
}
