import type { Outcome } from '@tasked/core';

const BRAND = Symbol.for('@tasked/Suspension');

/**
 * What `requireInput` and `snooze` throw to leave the function: no error, and the function is run again later. It may
 * be caught to clean up, and SHOULD be thrown on; caught for good it is not undone: the attempt ends as it was asked to.
 */
export class Suspension {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** True for a {@link Suspension}: what a `catch` around the whole of a function has to throw on. */
export function isSuspension(thrown: unknown): thrown is Suspension {
  return typeof thrown === 'object' && thrown !== null && BRAND in thrown;
}

/** How a suspended function ends. */
export type SuspendedOutcome = Extract<Outcome, { readonly kind: 'waiting' | 'snooze' }>;

/** Both of two ways in which one run was suspended: inputs are asked for together, else the first counts. */
export function joined(first: SuspendedOutcome, second: SuspendedOutcome): SuspendedOutcome {
  if (first.kind !== 'waiting' || second.kind !== 'waiting') return first;
  const inputRequests = {
    ...first.inputRequests,
    ...second.inputRequests,
    ...first.inputRequests,
  };
  const limits = [first.withinMs, second.withinMs].filter((limit) => limit !== undefined);
  if (limits.length === 0) return { kind: 'waiting', inputRequests };
  return { kind: 'waiting', inputRequests, withinMs: Math.min(...limits) };
}
