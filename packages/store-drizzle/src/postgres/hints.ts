import type { ChangedFlow, FlowId, Hint } from '@tasked/core';

/** Pause after a notification in which further commits gather for the next one. */
const DEBOUNCE_MS = 5;

/** Longest payload: PostgreSQL takes fewer than 8,000 bytes. Ids are ASCII. */
const MAX_PAYLOAD = 7_000;

/** What is known when too much was committed to say, or nobody knows what was missed. */
const SOMETHING: Hint = { by: null, flows: null };

/** What `Hints` needs. */
export interface HintsOptions {
  /** Tells this store's notifications from those of others. */
  readonly storeId: string;
  /** Notifies other stores; after the commit, in a transaction of its own. */
  readonly notify: (payload: string) => Promise<void>;
  /** Hears what a listener throws, and why others could not be notified. */
  readonly onError: (error: unknown) => void;
}

/** A notification, as it travels: who says it, and what changed (null: something). */
type Payload = readonly [storeId: string, flows: readonly ChangedFlowParts[] | null];
type ChangedFlowParts = readonly [flowId: FlowId, rev: number, ended: 0 | 1];

/**
 * Tells listeners of commits: of this store at once, of others by notifications. The first commit after a
 * pause is notified at once, its followers together.
 */
export class Hints {
  readonly #options: HintsOptions;
  readonly #listeners = new Set<(hint: Hint) => void>();
  /** What others have not been told yet; null when there is nothing to tell. */
  #untold: Map<FlowId, ChangedFlow> | null = null;
  #notifying = false;
  #closed = false;

  constructor(options: HintsOptions) {
    this.#options = options;
  }

  /** `Notifier.subscribe`. */
  subscribe(listener: (hint: Hint) => void): () => void {
    const subscription = (hint: Hint) => listener(hint);
    this.#listeners.add(subscription);
    return () => this.#listeners.delete(subscription);
  }

  /** Tells of a commit of this store. */
  emit(hint: Hint): void {
    this.#tell(hint);
    this.#untold ??= new Map();
    for (const flow of hint.flows ?? []) this.#untold.set(flow.flowId, flow);
    if (!this.#notifying) void this.#notify();
  }

  /** Something of other stores may have been missed. */
  gap(): void {
    this.#tell(SOMETHING);
  }

  /** Takes in a notification. */
  receive(text: string): void {
    const [storeId, flows] = JSON.parse(text) as Payload;
    if (storeId === this.#options.storeId) return;
    this.#tell({ by: null, flows: flows?.map(changedFlowOf) ?? null });
  }

  /** Forgets every listener and what nobody was told yet. */
  close(): void {
    this.#closed = true;
    this.#listeners.clear();
    this.#untold = null;
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

  async #notify(): Promise<void> {
    this.#notifying = true;
    while (this.#untold !== null && !this.#closed) {
      const payload = payloadOf(this.#options.storeId, [...this.#untold.values()]);
      this.#untold = null;
      await this.#options.notify(payload).catch((error) => this.#complain(error));
      await new Promise((resolve) => setTimeout(resolve, DEBOUNCE_MS).unref());
    }
    this.#notifying = false;
  }

  #complain(error: unknown): void {
    if (!this.#closed) this.#options.onError(error);
  }
}

function payloadOf(storeId: string, flows: readonly ChangedFlow[]): string {
  const parts = flows.map(({ flowId, rev, ended }) => [flowId, rev, ended ? 1 : 0]);
  const payload = JSON.stringify([storeId, parts]);
  return payload.length <= MAX_PAYLOAD ? payload : JSON.stringify([storeId, null]);
}

function changedFlowOf([flowId, rev, ended]: ChangedFlowParts): ChangedFlow {
  return { flowId, rev, ended: ended === 1 };
}
