import type { CallToolResult } from '@modelcontextprotocol/server';
import type { JsonObject, Logger } from '@tasked/core';
import { errorAnswer } from '../error-answer.ts';
import type { Tool } from '../tool.ts';
import type { ToolContext } from '../tool-call.ts';
import { toolResult } from '../tool-result.ts';
import { allTools } from '../tools/all-tools.ts';
import { couldNotBegin } from './could-not-begin.ts';
import type { ServerCall, ServerTool, StartedCall, TaskCall } from './server-tool.ts';

/** Tasked's own tools, on what is perhaps still being opened; they tell of executors of these types. */
export function taskedTools(
  executors: readonly string[],
  context: Promise<Omit<ToolContext, 'owner'>>,
  logger: Logger,
): readonly ServerTool[] {
  return toolsOn(allTools(executors), context, logger);
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
  const call = async (args: JsonObject, from: ServerCall): Promise<CallToolResult> => {
    try {
      return toolResult(await tool.call(args, { ...(await opening), ...from }));
    } catch (error) {
      return errorAnswer(error, name, logger);
    }
  };
  const shown = { name, title, description, annotations, inputSchema, outputSchema, call };
  const { start } = tool;
  if (start === undefined) return { ...shown, taskSupport: 'forbidden' };
  return {
    ...shown,
    taskSupport: 'optional',
    async start(args, from: TaskCall): Promise<StartedCall> {
      try {
        const inside = { ...(await opening), ...from };
        const taskId = await start(args, inside);
        if (taskId !== null) return { kind: 'task', taskId };
        return { kind: 'result', result: toolResult(await tool.call(args, inside)) };
      } catch (error) {
        return couldNotBegin(error, name, logger);
      }
    },
  };
}
