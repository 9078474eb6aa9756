import type { Principal } from '@tasked/core';

/** Says who makes a request; null when that is nobody who may. */
export type Authenticate = (request: Request) => Promise<Principal | null>;
