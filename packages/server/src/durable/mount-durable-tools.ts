import type { McpServer, Server } from '@modelcontextprotocol/server';
import type { Owner } from '@tasked/core';
import { heldCallsOn } from '../held-calls.ts';
import { callerOf, type RequestOrigin } from '../server/create-tool-server.ts';
import type { DurableTools } from './durable-tools.ts';
import { mountTools } from './mount-tools.ts';
import { type TaskToolsOptions, taskTools } from './task-tools.ts';

/**
 * Adds durable tools, their tasks and the tools that follow them to a server of SDK 2.x that is not connected yet, after
 * its own `setRequestHandler('tools/…')`, if it has any. `origin` is what the server's factory was called with; without, it
 * is a connection of protocol 2025-11-25 whose client is nobody in particular.
 */
export function mountDurableTools(
  server: Server | McpServer,
  durable: DurableTools,
  origin: RequestOrigin = { era: 'legacy' },
): void {
  const { tools, wire, owner, logger } = durable;
  const caller = callerOf(owner, origin);
  const { stopping, held } = wire;
  mountTools(server, { tools, tasks: wire, caller, logger, stopping, held });
}

/** What following runs needs. */
export interface MountTaskToolsOptions extends TaskToolsOptions {
  /** Whose runs they are: one owner, or found from what the transport knows of a request. */
  readonly owner: Owner | ((origin: RequestOrigin) => Owner);
  /** How many calls of one owner may wait for news at once, over all servers on `flows`; 1,000 if omitted. */
  readonly maxHeldCalls?: number;
}

/**
 * Adds `tasked_flow_status`, `tasked_task_output`, `tasked_cancel_flow` and `tasked_provide_input` to a server of SDK 2.x, beside
 * tools of its own that answer with a {@link taskHandle}; see {@link mountDurableTools}.
 */
export function mountTaskTools(
  server: Server | McpServer,
  options: MountTaskToolsOptions,
  origin: RequestOrigin = { era: 'legacy' },
): void {
  const { owner, logger } = options;
  const caller = callerOf(owner, origin);
  const stopping = new AbortController().signal;
  const held = heldCallsOn(options.flows, options.maxHeldCalls);
  mountTools(server, { tools: taskTools(options), tasks: null, caller, logger, stopping, held });
}
