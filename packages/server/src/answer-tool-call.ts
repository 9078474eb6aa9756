import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  type Request,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { JsonObject, Logger } from '@tasked/core';
import { z } from 'zod';
import { errorAnswer } from './error-answer.ts';
import type { Tool } from './tool.ts';
import type { Progress, ToolCall, ToolContext } from './tool-call.ts';

/** What answering needs. */
export interface ToolCallOptions {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly context: Promise<ToolContext>;
  readonly logger: Logger;
  /** Aborts when the server is about to stop: calls that are held then answer at once. */
  readonly stopping: AbortSignal;
}

const paramsSchema = z.looseObject({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Answers `tools/call`. It is called from the server's fallback handler, because a registered handler would have
 * its result rewritten by the SDK; the parameters are checked here for that reason. JSON-RPC errors are for
 * what the protocol defines: malformed parameters and unknown tools. All else is a result.
 */
export async function answerToolCall(
  request: Request,
  context: ServerContext,
  options: ToolCallOptions,
): Promise<CallToolResult> {
  const params = paramsSchema.safeParse(request.params);
  if (!params.success) throw invalidParams(params.error);
  const { name, arguments: args = {} } = params.data;
  const tool = options.tools.get(name);
  if (tool === undefined) throw unknownTool(name, options.tools);
  try {
    const call = toolCall(await options.context, context, options);
    const answer = await tool.call(args as JsonObject, call);
    const text = JSON.stringify(answer);
    return {
      content: [{ type: 'text', text }],
      structuredContent: answer as Record<string, unknown>,
    };
  } catch (error) {
    return errorAnswer(error, name, options.logger);
  }
}

function toolCall(
  context: ToolContext,
  { mcpReq }: ServerContext,
  { stopping, logger }: ToolCallOptions,
): ToolCall {
  const progressToken = mcpReq._meta?.progressToken;
  const signal = AbortSignal.any([mcpReq.signal, stopping]);
  const around = { ...context, signal };
  if (progressToken === undefined) return { ...around, reportProgress: null };
  const reportProgress = (progress: Progress) => {
    const params = { progressToken, ...progress };
    mcpReq.notify({ method: 'notifications/progress', params }).catch((error: unknown) => {
      logger.debug('progress could not be reported', { error });
    });
  };
  return { ...around, reportProgress };
}

function invalidParams(error: z.ZodError): ProtocolError {
  const faults = error.issues.map(({ path, message }) => `params.${path.join('.')}: ${message}`);
  return new ProtocolError(ProtocolErrorCode.InvalidParams, faults.join('; '));
}

function unknownTool(name: string, tools: ReadonlyMap<string, Tool>): ProtocolError {
  const known = [...tools.keys()].join(', ');
  const message = `there is no tool ${JSON.stringify(name.slice(0, 100))}; there are ${known}`;
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
