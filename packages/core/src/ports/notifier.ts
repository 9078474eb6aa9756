import type { FlowId, RunnerId } from '../ids.ts';

/** A flow that a commit changed. */
export interface ChangedFlow {
  readonly flowId: FlowId;
  readonly rev: number;
  readonly ended: boolean;
}

/** Something was committed. A hint only wakes; the store is the truth. */
export interface Hint {
  /** The runner whose `advance` it was; null for any other call, and for another process. */
  readonly by: RunnerId | null;
  /** What changed; null when that is not known (another process committed). */
  readonly flows: readonly ChangedFlow[] | null;
}

/** Tells of commits, of this process at once, of others on the same data within 50 ms. */
export interface Notifier {
  /** Calls `listener` with every hint until the returned function is called. */
  subscribe(listener: (hint: Hint) => void): () => void;
}
