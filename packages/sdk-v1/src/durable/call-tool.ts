import {
  type CallToolRequest,
  ErrorCode,
  McpError,
  type Result,
} from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '@tasked/core';
import {
  RPC_CODES,
  type ServerTool,
  type StartedCall,
  type TaskCall,
  type TaskSource,
  toLegacyTask,
} from '@tasked/server';
import { withSdkErrors } from '../sdk-error.ts';
import type { Extra } from './below-server.ts';
import { callerOf, type DurableEngine, heldBy, waitingSignal } from './durable-engine.ts';

/** Text for the model while its client waits (MCP specification 2025-11-25, Tasks). */
const IMMEDIATE_RESPONSE = 'io.modelcontextprotocol/model-immediate-response';

/** A call of a tool of ours. */
export interface Called {
  readonly tool: ServerTool;
  readonly request: CallToolRequest;
  readonly extra: Extra;
  readonly source: TaskSource;
  readonly engine: DurableEngine;
}

/** Answers a call, where the client decides whether it is a task. */
export async function callTool(called: Called): Promise<Result> {
  const { tool, request } = called;
  const isTask = request.params.task !== undefined;
  return await withSdkErrors(async () => {
    if (isTask) return await begin(called);
    if (tool.taskSupport === 'required') throw refused(tool, 'it runs as a task only');
    const args = (request.params.arguments ?? {}) as JsonObject;
    return (await tool.call(args, callOf(called))) as Result;
  });
}

async function begin(called: Called): Promise<Result> {
  const { tool, request, source } = called;
  if (tool.start === undefined || tool.taskSupport === 'forbidden') {
    throw refused(tool, 'it does not run as a task: call it without');
  }
  const call = callOf(called);
  const started = await tool.start((request.params.arguments ?? {}) as JsonObject, call);
  if (started.kind !== 'task') throw noTask(tool, started);
  const task = toLegacyTask(await source.get(call.owner, started.taskId));
  const said = [started.note, task.statusMessage].filter((part) => part !== undefined).join(': ');
  const text = `${tool.name} runs as task ${task.taskId}${said === '' ? '' : `: ${said}`}`;
  return { task, _meta: { [IMMEDIATE_RESPONSE]: text } };
}

function callOf({ request, extra, engine }: Called): TaskCall {
  const progressToken = request.params._meta?.progressToken;
  const caller = callerOf(engine, extra);
  const hold: TaskCall['hold'] = (wait) => heldBy(engine).hold(caller.owner, wait);
  const call = {
    ...caller,
    hold,
    ttlMs: request.params.task?.ttl ?? null,
    signal: waitingSignal(engine, extra),
    inputResponses: {},
  };
  if (progressToken === undefined) return { ...call, reportProgress: null };
  const reportProgress: TaskCall['reportProgress'] = (progress) => {
    const params = { progressToken, ...progress };
    extra
      .sendNotification({ method: 'notifications/progress', params })
      .catch((error: unknown) => engine.logger.debug('progress was not reported', { error }));
  };
  return { ...call, reportProgress };
}

function refused({ name }: ServerTool, why: string): McpError {
  return new McpError(ErrorCode.MethodNotFound, `${name}: ${why}`);
}

/** What was to be a task is none: the only way to say so is an error. */
function noTask(tool: ServerTool, started: Exclude<StartedCall, { kind: 'task' }>): McpError {
  if (started.kind === 'input') return refused(tool, 'it has to ask first: call it without a task');
  const { code = 'invalid_input', result } = started;
  const [first] = result.content as readonly { readonly text?: string }[];
  const why = `${tool.name} could not begin: ${first?.text ?? ''}`;
  return new McpError(RPC_CODES[code], why, result.structuredContent);
}
