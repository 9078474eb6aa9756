import {
  type ListToolsResult,
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server';
import type { Logger, LogStore, Owner } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { answerToolCall } from './answer-tool-call.ts';
import type { Tool } from './tool.ts';
import { allTools } from './tools/all-tools.ts';

/** What a server serves. */
export interface TaskedServerOptions {
  readonly flows: Flows;
  readonly logs: Pick<LogStore, 'read'>;
  /** Whose flows its clients see and submit. */
  readonly owner: Owner;
  readonly logger: Logger;
  /** Of the software, for clients to show. */
  readonly version: string;
  /**
   * Says in a few words what becomes of running work when the client goes away, and what to do about it;
   * null when the work simply goes on. Omitted: it goes on.
   */
  readonly afterClient?: () => Promise<string | null>;
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
  const afterClient = options.afterClient ?? (async () => null);
  const tools = allTools({ ...options, afterClient });
  const calls = { tools: new Map(tools.map((tool) => [tool.name, tool])), logger, stopping };
  const listing = { tools: tools.map(listed) } as ListToolsResult;
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

function listed({ name, title, description, annotations, inputSchema, outputSchema }: Tool) {
  return { name, title, description, annotations, inputSchema, outputSchema };
}
