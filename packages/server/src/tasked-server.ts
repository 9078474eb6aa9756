import {
  type ListToolsResult,
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server';
import type { Logger } from '@tasked/core';
import { answerToolCall } from './answer-tool-call.ts';
import type { Tool } from './tool.ts';
import type { ToolContext } from './tool-call.ts';
import { ALL_TOOLS } from './tools/all-tools.ts';

/** What a server serves. */
export interface TaskedServerOptions extends Omit<ToolContext, 'flows' | 'logs'> {
  /** A promise will do while the engine is still being opened: tools are listed, and calls wait for it. */
  readonly flows: ToolContext['flows'] | Promise<ToolContext['flows']>;
  readonly logs: ToolContext['logs'] | Promise<ToolContext['logs']>;
  readonly logger: Logger;
  /** Of the software, for clients to show. */
  readonly version: string;
  /** Aborts when the server is about to stop: calls that are held then answer at once. */
  readonly stopping?: AbortSignal;
}

/** Makes the server of one connection, or of one request, for clients of the given protocol era. */
export type TaskedServerFactory = (context: Pick<McpRequestContext, 'era'>) => Server;

const INSTRUCTIONS =
  'Runs work that outlasts a call. Submit a flow with tasked_submit_flow, wait with tasked_flow_status ' +
  '(wait_secs), read results with tasked_task_output. Every answer ends with next: what to do next.';

/** Tasked as an MCP server: a factory that makes one low-level `Server` after another, for both eras. */
export function createTaskedServer(options: TaskedServerOptions): TaskedServerFactory {
  const { logger, version, stopping = new AbortController().signal } = options;
  const tools = new Map(ALL_TOOLS.map((tool) => [tool.name, tool]));
  const context = contextOf(options);
  // That the engine could not be opened is told by who opened it; calls tell that it is not there.
  context.catch(() => {});
  const calls = { tools, context, logger, stopping };
  const listing = { tools: ALL_TOOLS.map(listed) } as ListToolsResult;
  return () => {
    const server = new Server(
      { name: 'tasked', title: 'Tasked', version },
      { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
    );
    server.setRequestHandler('tools/list', () => listing);
    server.fallbackRequestHandler = async (request, context) => {
      if (request.method === 'tools/call') return await answerToolCall(request, context, calls);
      throw new ProtocolError(ProtocolErrorCode.MethodNotFound, 'Method not found');
    };
    server.onerror = (error) => logger.debug('a protocol error', { error });
    return server;
  };
}

async function contextOf(options: TaskedServerOptions): Promise<ToolContext> {
  const { owner, afterClient } = options;
  const [flows, logs] = await Promise.all([options.flows, options.logs]);
  return { flows, logs, owner, ...(afterClient === undefined ? {} : { afterClient }) };
}

function listed({ name, title, description, annotations, inputSchema, outputSchema }: Tool) {
  return { name, title, description, annotations, inputSchema, outputSchema };
}
