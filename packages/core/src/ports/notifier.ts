import type { FlowId, RunnerId } from '../ids.ts';

/** A flow that a commit changed. */
export interface ChangedFlow {
  readonly flowId: FlowId;
  readonly rev: number;
  /** True when it ended: told once, because an ended flow changes no more. */
  readonly ended: boolean;
}

/** Something was committed. A hint only wakes; the store is the truth. */
export interface Hint {
  /** The runner whose `advance` it was; null for any other call, and for another process. */
  readonly by: RunnerId | null;
  /**
   * What changed; empty for a commit that changed no flow (a slot, a hold, a queue, a runner); null when
   * that is not known (another process committed).
   */
  readonly flows: readonly ChangedFlow[] | null;
}

/** Tells of commits, of this process at once, of others on the same data within 50 ms. */
export interface Notifier {
  /**
   * Calls `listener` with every hint until the returned function is called: after the commit, never
   * inside the call that made it, so that it may call the store.
   */
  subscribe(listener: (hint: Hint) => void): () => void;
}
