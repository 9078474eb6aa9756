import type { Logger, LogStore, Owner } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { ALL_SCOPES, type HeldCalls, heldCallsOn } from '@tasked/server';
import type { Extra } from './below-server.ts';

/** Where calls of durable tools are kept, and whose they are. The same object for all tools of a server. */
export interface DurableEngine {
  readonly flows: Flows;
  readonly logs: Pick<LogStore, 'read'>;
  readonly logger: Logger;
  /** Whose calls they are: one owner (`encodeOwner`), or found from what the transport knows of a request. */
  readonly owner: Owner | ((request: Pick<Extra, 'authInfo'>) => Owner);
  /** How long flows are kept after their end, if they are ever removed. */
  readonly retentionMs?: number;
  /** How many calls of one owner may wait for news at once, over all servers on `flows`; 1,000 if omitted. */
  readonly maxHeldCalls?: number;
  /** Lets calls that are held answer at once when it aborts: the process is about to stop. Omitted: never. */
  readonly stopping?: AbortSignal;
}

/** Whose request it is, and what its sender may do. */
export interface Caller {
  readonly owner: Owner;
  readonly scopes: readonly string[];
}

/** Where nobody is authenticated (stdio), callers are not told apart by what they may do. */
export function callerOf({ owner }: DurableEngine, { authInfo }: Pick<Extra, 'authInfo'>): Caller {
  return {
    owner: typeof owner === 'function' ? owner(authInfo === undefined ? {} : { authInfo }) : owner,
    scopes: authInfo?.scopes ?? ALL_SCOPES,
  };
}

/** The calls of this process that wait for news of the engine. */
export function heldBy({ flows, maxHeldCalls }: DurableEngine): HeldCalls {
  return heldCallsOn(flows, maxHeldCalls);
}

/** Aborts when nobody waits for an answer any more, or the process is about to stop. */
export function waitingSignal({ stopping }: DurableEngine, { signal }: Extra): AbortSignal {
  return stopping === undefined ? signal : AbortSignal.any([signal, stopping]);
}
