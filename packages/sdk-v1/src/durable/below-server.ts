import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type {
  Request,
  Result,
  ServerNotification,
  ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { TaskedError } from '@tasked/core';

/** What the SDK tells of a request. */
export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Answers requests of one method. */
export type Handler = (request: Request, extra: Extra) => Promise<Result>;

/**
 * The server below an `McpServer`, or the server itself, its handlers of tools in place: one that has none yet sets them
 * with its first tool, and would refuse to where ours stand.
 */
export function serverBelow(server: Server | McpServer): Server {
  if (!('registerTool' in server)) return server;
  server.registerTool('tasked_placeholder', {}, () => ({ content: [] })).remove();
  return server.server;
}

/** How a server answers a method now; undefined when it does not. */
export function handlerOf(server: Server, method: string): Handler | undefined {
  return handlersOf(server).get(method);
}

/** Throws `unsupported` for what is no server of this SDK. */
export function refuseOthers(server: Server): void {
  handlersOf(server);
}

/** SDK 1.x has no public way to ask, and none to answer some requests of a method and leave the others. */
function handlersOf(server: Server): ReadonlyMap<string, Handler> {
  const handlers: unknown = Reflect.get(server, '_requestHandlers');
  if (handlers instanceof Map) return handlers;
  throw new TaskedError('unsupported', 'this is no server of @modelcontextprotocol/sdk ^1.32');
}
