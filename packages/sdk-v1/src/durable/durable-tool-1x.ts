import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { type DurableTool, durableServerTools } from '@tasked/server';
import type { DurableEngine } from './durable-engine.ts';
import { mountedOn } from './mounted-tools.ts';

/**
 * Adds a durable tool to a server of SDK 1.x that is not connected yet, beside its own tools and after its own
 * `setRequestHandler('tools/…')`, if it has any: as a task where the client wants one, else held for as long as clients bear
 * it. With the first come `tasked_flow_status`, `tasked_task_output`, `tasked_cancel_flow` and `tasked_provide_input`, by which
 * clients without tasks follow a run. Its calls run wherever a `Runner` has `tool.executor`. Throws `unsupported` for a
 * server of another SDK.
 */
export function durableTool1x(
  server: McpServer | Server,
  engine: DurableEngine,
  tool: DurableTool,
): void {
  const tools = mountedOn(server, engine);
  for (const each of durableServerTools([tool], engine)) tools.set(each.name, each);
}
