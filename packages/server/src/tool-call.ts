import type { LogStore, Owner } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import type { ServerCall, TaskCall } from './server/server-tool.ts';

/** What tools work on, and for whom. */
export interface ToolContext {
  readonly flows: Flows;
  readonly logs: Pick<LogStore, 'read'>;
  /** Whose flows clients see and submit. */
  readonly owner: Owner;
  /**
   * Says in a few words what becomes of running work when the client goes away, and what to do about it;
   * null when the work simply goes on. Omitted: it goes on. Also that nobody is there to run it.
   */
  readonly afterClient?: () => Promise<string | null>;
}

/** One call of a tool. */
export interface ToolCall
  extends ToolContext,
    Pick<ServerCall, 'signal' | 'reportProgress' | 'hold'> {}

/** One call of a tool that is to be a task. */
export interface ToolTaskCall extends ToolCall, Pick<TaskCall, 'ttlMs'> {}

/** How far the work is. `progress` MUST rise from report to report. */
export interface Progress {
  readonly progress: number;
  readonly total: number;
  readonly message: string;
}
