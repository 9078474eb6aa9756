import type { LogStore, Owner } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';

/** What the tools work on. */
export interface ToolContext {
  readonly flows: Flows;
  readonly logs: Pick<LogStore, 'read'>;
  /** Whose flows they are. */
  readonly owner: Owner;
  /** What becomes of running work when the client goes away; null when it simply goes on. */
  readonly afterClient: () => Promise<string | null>;
}
