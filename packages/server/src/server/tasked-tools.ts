import type { CallToolResult } from '@modelcontextprotocol/server';
import type { JsonObject, Logger, TaskId } from '@tasked/core';
import { errorAnswer } from '../error-answer.ts';
import type { Tool } from '../tool.ts';
import type { ToolContext } from '../tool-call.ts';
import { toolResult } from '../tool-result.ts';
import { ALL_TOOLS } from '../tools/all-tools.ts';
import type { ServerCall, ServerTool, StartedCall, TaskCall } from './server-tool.ts';

/** Tasked's own tools, on what is perhaps still being opened. */
export function taskedTools(
  context: Promise<Omit<ToolContext, 'owner'>>,
  logger: Logger,
): readonly ServerTool[] {
  return toolsOn(ALL_TOOLS, context, logger);
}

/** Some of them. */
export function toolsOn(
  tools: readonly Tool[],
  context: Promise<Omit<ToolContext, 'owner'>>,
  logger: Logger,
): readonly ServerTool[] {
  return tools.map((tool) => served(tool, context, logger));
}

function served(
  tool: Tool,
  opening: Promise<Omit<ToolContext, 'owner'>>,
  logger: Logger,
): ServerTool {
  const { name, title, description, annotations, inputSchema, outputSchema } = tool;
  const orError = async <Answer>(
    answer: () => Promise<Answer>,
  ): Promise<Answer | CallToolResult> => {
    try {
      return await answer();
    } catch (error) {
      return errorAnswer(error, name, logger);
    }
  };
  const call = (args: JsonObject, from: ServerCall): Promise<CallToolResult> =>
    orError(async () => toolResult(await tool.call(args, { ...(await opening), ...from })));
  const shown = { name, title, description, annotations, inputSchema, outputSchema, call };
  const { start } = tool;
  if (start === undefined) return { ...shown, taskSupport: 'forbidden' };
  return {
    ...shown,
    taskSupport: 'optional',
    async start(args, from: TaskCall): Promise<StartedCall> {
      const started = await orError(async () => start(args, { ...(await opening), ...from }));
      if (typeof started === 'string') return { kind: 'task', taskId: started satisfies TaskId };
      return { kind: 'result', result: started ?? (await call(args, from)) };
    },
  };
}
