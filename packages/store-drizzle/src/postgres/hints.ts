import type { ChangedFlow, FlowId, Hint } from '@tasked/core';
import { GatheredHints } from './gathered-hints.ts';

/** Pause after a notification in which further ones gather for the next. */
export const DEBOUNCE_MS = 5;

/** How many notifications the server delivers in a second at most: each goes to every store. */
export const DELIVERIES_PER_SECOND = 20_000;

/** How often all runners together are woken in a second at most: each looks for work then. */
export const WAKEUPS_PER_SECOND = 1_000;

/** No pause is longer, however many runners there are. */
export const LONGEST_PAUSE_MS = 5_000;

/** Pause before others are told again when the server could not be reached. */
export const RETRY_MS = 250;

/** Longest payload: PostgreSQL takes fewer than 8,000 bytes. Ids are ASCII. */
const MAX_PAYLOAD = 7_000;

/** What `Hints` needs. */
export interface HintsOptions {
  /** Tells this store's notifications from those of others. */
  readonly storeId: string;
  /** Notifies other stores; after the commit, in a transaction of its own. */
  readonly notify: (payload: string) => Promise<void>;
  /** How many runners there are: each notification wakes all of them. */
  readonly runners: () => number;
  /** Hears what a listener throws. */
  readonly onError: (error: unknown) => void;
}

/** A notification, as it travels: who says it, and what changed (null: something). */
type Payload = readonly [storeId: string, flows: readonly ChangedFlowParts[] | null];
type ChangedFlowParts = readonly [flowId: FlowId, rev: number, ended: 0 | 1];

/**
 * Tells listeners of commits: of this store at once, of others by notifications. The first after a pause goes at
 * once, in both directions, and its followers together: 5 ms later, or so much later that many runners together do
 * not keep the server busy with hints. What could not be told is told as "something" as soon as the server can be
 * reached.
 */
export class Hints {
  readonly #options: HintsOptions;
  readonly #listeners = new Set<(hint: Hint) => void>();
  readonly #outgoing: GatheredHints;
  readonly #incoming: GatheredHints;

  constructor(options: HintsOptions) {
    this.#options = options;
    this.#outgoing = new GatheredHints(
      (flows) => this.#notify(flows),
      () => pauseOf(options.runners() ** 2 / DELIVERIES_PER_SECOND),
    );
    this.#incoming = new GatheredHints(
      async (flows) => this.#tell({ by: null, flows }),
      () => pauseOf(options.runners() / WAKEUPS_PER_SECOND),
    );
  }

  /** `Notifier.subscribe`. */
  subscribe(listener: (hint: Hint) => void): () => void {
    const subscription = (hint: Hint) => listener(hint);
    this.#listeners.add(subscription);
    return () => this.#listeners.delete(subscription);
  }

  /** Tells of a commit of this store. `isForHere`: others have nothing to do about it, so that they hear of it a little later. */
  emit(hint: Hint, { isForHere = false } = {}): void {
    this.#tell(hint);
    this.#outgoing.add(hint.flows, { isUrgent: !isForHere });
  }

  /** This store may have committed something without learning of it. */
  unanswered(): void {
    this.#outgoing.add(null);
  }

  /** Something of other stores may have been missed. */
  gap(): void {
    this.#incoming.add(null);
  }

  /** Takes in a notification. */
  receive(text: string): void {
    const [storeId, flows] = JSON.parse(text) as Payload;
    if (storeId === this.#options.storeId) return;
    this.#incoming.add(flows?.map(changedFlowOf) ?? null);
  }

  /** Forgets every listener and what nobody was told yet. */
  close(): void {
    this.#listeners.clear();
    this.#outgoing.close();
    this.#incoming.close();
  }

  #tell(hint: Hint): void {
    for (const listener of this.#listeners) {
      try {
        listener(hint);
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }

  async #notify(flows: readonly ChangedFlow[] | null): Promise<void> {
    try {
      await this.#options.notify(payloadOf(this.#options.storeId, flows));
    } catch {
      this.#outgoing.add(null);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }
}

function pauseOf(seconds: number): number {
  return Math.min(Math.max(DEBOUNCE_MS, seconds * 1_000), LONGEST_PAUSE_MS);
}

function payloadOf(storeId: string, flows: readonly ChangedFlow[] | null): string {
  const parts = flows?.map(({ flowId, rev, ended }) => [flowId, rev, ended ? 1 : 0]) ?? null;
  const payload = JSON.stringify([storeId, parts]);
  return payload.length <= MAX_PAYLOAD ? payload : JSON.stringify([storeId, null]);
}

function changedFlowOf([flowId, rev, ended]: ChangedFlowParts): ChangedFlow {
  return { flowId, rev, ended: ended === 1 };
}
