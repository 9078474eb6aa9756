import {
  type ListToolsResult,
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  type Server,
} from '@modelcontextprotocol/server';
import type { Logger } from '@tasked/core';
import type { HeldCalls } from '../held-calls.ts';
import { type Caller, callTool } from '../server/call-tool.ts';
import { capabilitiesOf, listed, takeAnswer } from '../server/create-tool-server.ts';
import type { ServerTool } from '../server/server-tool.ts';
import { mountLegacyTaskMethods } from '../wire/legacy-task-methods.ts';
import { mountModernTaskMethods } from '../wire/modern-task-methods.ts';
import type { TaskWire } from '../wire/task-wire.ts';
import { type Handler, handlerOf, interceptResponses, serverBelow } from './below-server.ts';

/** What is mounted, and for whom. */
export interface Mounted {
  readonly tools: readonly ServerTool[];
  /** Null: calls are never tasks. */
  readonly tasks: TaskWire | null;
  readonly caller: Caller;
  readonly logger: Logger;
  /** Aborts when the server is about to stop. */
  readonly stopping: AbortSignal;
  readonly held: HeldCalls;
}

/**
 * Adds tools to a server that is not connected yet, beside its own. They are answered below the SDK's own handler, which
 * would drop what makes a call a task; calls of other tools go on to that handler.
 */
export function mountTools(server: Server | McpServer, mounted: Mounted): void {
  const { caller, tasks, logger } = mounted;
  const below = serverBelow(server);
  below.registerCapabilities({ tools: {}, ...capabilitiesOf(caller, tasks) });
  listBeside(below, mounted);
  answerBeside(below, mounted);
  if (tasks === null) return;
  const mount = caller.era === 'modern' ? mountModernTaskMethods : mountLegacyTaskMethods;
  mount(below, caller.owner, tasks);
  interceptResponses(below, (response) => {
    if (tasks.questions.read(response, caller.owner) === null) return false;
    takeAnswer(tasks, response, caller.owner).catch((error: unknown) => {
      logger.error('an answer to a question could not be taken', { error });
    });
    return true;
  });
}

/** Ours come after the last page of the server's own. */
function listBeside(below: Server, { tools, tasks }: Mounted): void {
  const others = handlerOf(below, 'tools/list');
  const names = new Set(tools.map(({ name }) => name));
  const ours = tools.map((tool) => listed(tool, tasks !== null));
  below.setRequestHandler('tools/list', async (request, context) => {
    const theirs = (await others?.(
      { jsonrpc: '2.0', id: context.mcpReq.id, ...request },
      context,
    )) as ListToolsResult | undefined;
    const kept = (theirs?.tools ?? []).filter(({ name }) => !names.has(name));
    const more = theirs?.nextCursor === undefined ? ours : [];
    return { ...theirs, tools: [...kept, ...more] } as ListToolsResult;
  });
}

function answerBeside(below: Server, mounted: Mounted): void {
  const { caller } = mounted;
  const calls = { ...mounted, tools: new Map(mounted.tools.map((tool) => [tool.name, tool])) };
  const otherCalls = handlerOf(below, 'tools/call');
  const otherMethods = below.fallbackRequestHandler;
  below.removeRequestHandler('tools/call');
  below.fallbackRequestHandler = async (request, context): Promise<Result> => {
    if (request.method !== 'tools/call')
      return await (otherMethods ?? unknownMethod)(request, context);
    const name = request.params?.name;
    const isOurs = otherCalls === undefined || (typeof name === 'string' && calls.tools.has(name));
    return isOurs
      ? await callTool(request, context, caller, calls)
      : await otherCalls(request, context);
  };
}

const unknownMethod: Handler = async () => {
  throw new ProtocolError(ProtocolErrorCode.MethodNotFound, 'Method not found');
};
