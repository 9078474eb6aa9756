import {
  ProtocolError,
  ProtocolErrorCode,
  type Request,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { InputResponses, JsonObject, Logger, Owner } from '@tasked/core';
import { z } from 'zod';
import type { HeldCalls } from '../held-calls.ts';
import { progressReporter } from '../wire/progress-reporter.ts';
import { rpcError } from '../wire/rpc-error.ts';
import type { TaskWire } from '../wire/task-wire.ts';
import { callAsLegacy } from './call-as-legacy.ts';
import { callAsModern } from './call-as-modern.ts';
import type { ServerTool, TaskCall } from './server-tool.ts';

/** What answering `tools/call` needs. */
export interface ToolCalls {
  readonly tools: ReadonlyMap<string, ServerTool>;
  /** Null where calls are never tasks. */
  readonly tasks: TaskWire | null;
  readonly logger: Logger;
  /** Aborts when the server is about to stop: calls that are held then answer at once. */
  readonly stopping: AbortSignal;
  readonly held: HeldCalls;
}

/** Whose call it is, and in which era of the protocol. */
export interface Caller {
  readonly era: 'legacy' | 'modern';
  readonly owner: Owner;
  /** See `ServerCall.scopes`. */
  readonly scopes: readonly string[];
}

/** A call whose parameters were found sound. */
export interface CheckedCall {
  readonly tool: ServerTool;
  readonly args: JsonObject;
  readonly call: TaskCall;
  /** True when a client of protocol 2025-11-25 wants it to be a task. */
  readonly isTask: boolean;
  readonly context: ServerContext;
}

const modernParams = z.object({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).optional(),
});

/** In the other era `task` means nothing. */
const legacyParams = modernParams.extend({
  task: z.looseObject({ ttl: z.number().int().min(0).nullish() }).optional(),
});

/**
 * Answers `tools/call`. It is called from the server's fallback handler, because a registered handler would have
 * its result rewritten by the SDK; the parameters are checked here for that reason. JSON-RPC errors are for
 * what the protocol defines: malformed parameters and unknown tools. All else is a result.
 */
export async function callTool(
  request: Request,
  context: ServerContext,
  caller: Caller,
  calls: ToolCalls,
): Promise<Result> {
  const { name, arguments: args = {}, task } = paramsOf(request, caller.era);
  const tool = calls.tools.get(name);
  if (tool === undefined) throw unknownTool(name, calls.tools);
  const checked = {
    tool,
    args: args as JsonObject,
    call: callOf(context, caller, { ...calls, ttlMs: task?.ttl ?? null }),
    isTask: task !== undefined,
    context,
  };
  try {
    return caller.era === 'modern'
      ? await callAsModern(checked, calls.tasks)
      : await callAsLegacy(checked, calls.tasks);
  } catch (error) {
    throw rpcError(error, `tools/call ${name}`, calls.logger);
  }
}

function callOf(
  context: ServerContext,
  { owner, scopes }: Caller,
  {
    stopping,
    logger,
    held,
    ttlMs,
  }: Pick<ToolCalls, 'stopping' | 'logger' | 'held'> & Pick<TaskCall, 'ttlMs'>,
): TaskCall {
  const { signal, inputResponses = {} } = context.mcpReq;
  return {
    owner,
    scopes,
    ttlMs,
    signal: AbortSignal.any([signal, stopping]),
    inputResponses: inputResponses as InputResponses,
    reportProgress: progressReporter(context, logger),
    hold: (wait) => held.hold(owner, wait),
  };
}

function paramsOf({ params }: Request, era: Caller['era']): z.infer<typeof legacyParams> {
  const parsed = (era === 'modern' ? modernParams : legacyParams).safeParse(params);
  if (!parsed.success) throw invalidParams(parsed.error);
  return parsed.data;
}

function invalidParams(error: z.ZodError): ProtocolError {
  const faults = error.issues.map(({ path, message }) => `params.${path.join('.')}: ${message}`);
  return new ProtocolError(ProtocolErrorCode.InvalidParams, faults.join('; '));
}

function unknownTool(name: string, tools: ReadonlyMap<string, ServerTool>): ProtocolError {
  const known = [...tools.keys()].join(', ');
  const message = `there is no tool ${JSON.stringify(name.slice(0, 100))}; there are ${known}`;
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
