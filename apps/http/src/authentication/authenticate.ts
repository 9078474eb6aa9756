import type { Principal } from '@tasked/core';

/** Who makes a request, and what they may do. */
export interface Caller extends Principal {
  /** What durable tools ask for; `*` stands for everything. */
  readonly scopes: readonly string[];
}

/** Says who makes a request; null when that is nobody who may. */
export type Authenticate = (request: Request) => Promise<Caller | null>;
