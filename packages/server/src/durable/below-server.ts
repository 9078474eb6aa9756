import {
  type JSONRPCErrorResponse,
  type JSONRPCRequest,
  type JSONRPCResponse,
  McpServer,
  type Result,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';

/** Answers requests of one method. */
export type Handler = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>;

/**
 * The server below an `McpServer`, or the server itself, its handlers of tools in place: one that has none yet sets them
 * with its first tool, and would then set them over ours.
 */
export function serverBelow(server: Server | McpServer): Server {
  if (!(server instanceof McpServer)) return server;
  server.registerTool('tasked_placeholder', {}, () => ({ content: [] })).remove();
  return server.server;
}

/** What the SDK shows to subclasses alone. Nothing is ever made of this class; that it compiles says that it is there. */
class Below extends Server {
  static handlerOf(server: Server, method: string): Handler | undefined {
    return (server as Below)._getRequestHandler(method);
  }

  static interceptResponses(server: Server, takes: (response: AnyResponse) => boolean): void {
    const below = server as Below;
    const others = below._onresponse.bind(below);
    below._onresponse = (response) => {
      if (!takes(response)) others(response);
    };
  }
}

type AnyResponse = JSONRPCResponse | JSONRPCErrorResponse;

/** How a server answers a method now; undefined when it does not. */
export const handlerOf = Below.handlerOf;

/** Offers every response that a client sends before the SDK looks for the request that it belongs to. */
export const interceptResponses = Below.interceptResponses;
