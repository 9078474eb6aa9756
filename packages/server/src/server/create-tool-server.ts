import {
  type Implementation,
  type ListToolsResult,
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server';
import { isTaskedError, type Logger, type Owner } from '@tasked/core';
import { ALL_SCOPES } from '../durable/scopes.ts';
import { HeldCalls } from '../held-calls.ts';
import type { TaskSource } from '../tasks/task-source.ts';
import { giveAnswers } from '../wire/give-answers.ts';
import { canList, mountLegacyTaskMethods } from '../wire/legacy-task-methods.ts';
import { mountModernTaskMethods } from '../wire/modern-task-methods.ts';
import { Questions } from '../wire/questions.ts';
import { RPC_CODES } from '../wire/rpc-error.ts';
import type { TaskWire } from '../wire/task-wire.ts';
import { TASKS_EXTENSION } from '../wire/tasks-extension.ts';
import type { Caller } from './call-tool.ts';
import type { ServerTool } from './server-tool.ts';

/** Who a request is from: what its factory is told of it. */
export type RequestOrigin = Pick<McpRequestContext, 'era' | 'authInfo'>;

/** What to serve. */
export interface ToolServerOptions {
  /** Of the software, for clients to show. */
  readonly info: Implementation;
  /** For the model: what these tools are good for. */
  readonly instructions?: string;
  /** In the order in which clients see them. */
  readonly tools: readonly ServerTool[];
  /** Where tasks are. Omitted: there are none, and every call is answered plainly. */
  readonly tasks?: ServedTasks;
  /** Whose requests they are: one owner, or found from what the transport knows of a request. */
  readonly owner: Owner | ((origin: RequestOrigin) => Owner);
  readonly logger: Logger;
  /** How many calls of one owner may wait for news at once; 1,000 if omitted. */
  readonly maxHeldCalls?: number;
}

/**
 * Tasks on the wire. Clients of protocol 2025-11-25 may list them where each has an owner of its own, the empty one being
 * nobody in particular (2025-11-25, Tasks, "Task Isolation and Access Control").
 */
export interface ServedTasks {
  readonly source: TaskSource;
  /**
   * Signs what is asked in `tasks/result`, at least 32 bytes; the same in every process that serves the same clients.
   * Default: random, so that answers to a process that died are void, and their questions are asked again.
   */
  readonly secret?: Uint8Array;
}

/** A server of tools and tasks, for any transport of the SDK and clients of both eras. */
export interface ToolServer {
  /** Makes the server of one connection, or of one request. */
  readonly factory: (origin: RequestOrigin) => Server;
  /**
   * Takes a message if it answers what a task asked in `tasks/result` of `owner`; false: it is for the SDK. Transports
   * MUST offer every message that came in, because the answer may come in another connection than the question.
   */
  takeAnswer(message: unknown, owner: Owner): Promise<boolean>;
  /** Lets calls that are held answer at once, now and from now on: the server is about to stop. */
  release(): void;
}

/** Serves tools, and tasks of both generations of the protocol. */
export function createToolServer(options: ToolServerOptions): ToolServer {
  const { info, instructions, logger, owner } = options;
  const stopping = new AbortController();
  const held = new HeldCalls(options.maxHeldCalls);
  const tasks = wireOf(options, { stopping: stopping.signal, held });
  const tools = new Map(options.tools.map((tool) => [tool.name, tool]));
  const calls = { tools, tasks, logger, stopping: stopping.signal, held };
  const factory = (origin: RequestOrigin) => {
    const caller = callerOf(owner, origin);
    const capabilities = { tools: {}, ...capabilitiesOf(caller, tasks) };
    const server = new Server(info, {
      capabilities,
      ...(instructions === undefined ? {} : { instructions }),
    });
    const listing = { tools: options.tools.map((tool) => listed(tool, tasks !== null)) };
    server.setRequestHandler('tools/list', () => listing as ListToolsResult);
    server.fallbackRequestHandler = async (request, context) => {
      if (request.method !== 'tools/call') {
        throw new ProtocolError(ProtocolErrorCode.MethodNotFound, 'Method not found');
      }
      // The first thing a client waits for is the list of tools: what calls take is loaded with the first of them.
      const { callTool } = await import('./call-tool.ts');
      return await callTool(request, context, caller, calls);
    };
    if (tasks !== null) {
      const mount = caller.era === 'modern' ? mountModernTaskMethods : mountLegacyTaskMethods;
      mount(server, caller.owner, tasks);
    }
    server.onerror = (error) => logger.debug('a protocol error', { error });
    return server;
  };
  return {
    factory,
    takeAnswer: async (message, from) =>
      tasks === null ? false : await takeAnswer(tasks, message, from),
    release: () => stopping.abort(),
  };
}

/** Who makes a request. Where nobody is authenticated (stdio), callers are not told apart by what they may do. */
export function callerOf(owner: ToolServerOptions['owner'], origin: RequestOrigin): Caller {
  const { era, authInfo } = origin;
  return {
    era,
    owner: typeof owner === 'function' ? owner(origin) : owner,
    scopes: authInfo === undefined ? ALL_SCOPES : authInfo.scopes,
  };
}

function wireOf(
  { tasks, logger }: ToolServerOptions,
  serving: Pick<TaskWire, 'stopping' | 'held'>,
): TaskWire | null {
  if (tasks === undefined) return null;
  const { source, secret } = tasks;
  return { source, questions: new Questions(secret), logger, ...serving };
}

/** What a server with such tasks declares to a caller. */
export function capabilitiesOf({ era, owner }: Caller, tasks: TaskWire | null) {
  if (tasks === null) return {};
  if (era === 'modern') return { extensions: { [TASKS_EXTENSION]: {} } };
  const list = canList(owner) ? { list: {} } : {};
  return { tasks: { ...list, cancel: {}, requests: { tools: { call: {} } } } };
}

/** A tool as `tools/list` shows it. */
export function listed(tool: ServerTool, hasTasks: boolean) {
  const { name, title, description, annotations, inputSchema, outputSchema, taskSupport } = tool;
  const isTask = hasTasks && taskSupport !== 'forbidden';
  return {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    ...(annotations === undefined ? {} : { annotations }),
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(isTask ? { execution: { taskSupport } } : {}),
  };
}

/**
 * `ToolServer.takeAnswer`. An answer that does not fit its question, or comes when the task is gone, is dropped: nobody
 * waits to hear of it.
 */
export async function takeAnswer(
  { questions, source, logger }: TaskWire,
  message: unknown,
  owner: Owner,
) {
  const answer = questions.read(message, owner);
  if (answer === null) return false;
  if (answer === 'unknown') {
    logger.debug('an answer to no question of ours was dropped');
    return true;
  }
  try {
    await giveAnswers(source, owner, answer);
  } catch (error) {
    if (!isTaskedError(error) || RPC_CODES[error.code] !== ProtocolErrorCode.InvalidParams)
      throw error;
    logger.debug('an answer was dropped', { task: answer.taskId, error });
  } finally {
    questions.settle(answer);
  }
  return true;
}
