import { type CallToolResult, ProtocolError } from '@modelcontextprotocol/server';
import type { JsonObject, Logger } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { errorAnswer } from '../error-answer.ts';
import { couldNotBegin } from '../server/could-not-begin.ts';
import type { ServerCall, ServerTool, StartedCall, TaskCall } from '../server/server-tool.ts';
import type { AnsweredCall } from './durable-call.ts';
import type { DurableTool } from './durable-tool.ts';

/** Where calls of durable tools are kept, perhaps still being opened. */
export interface DurableServing {
  readonly flows: Flows | Promise<Flows>;
  readonly logger: Logger;
}

/** Durable tools for a server of SDK 2.x: a call is a task of the protocol, or is held. */
export function durableServerTools(
  tools: readonly DurableTool[],
  serving: DurableServing,
): readonly ServerTool[] {
  return tools.map((tool) => durableServerTool(tool, serving));
}

function durableServerTool(
  tool: DurableTool,
  { flows: opening, logger }: DurableServing,
): ServerTool {
  const { name, title, description, annotations, inputSchema, outputSchema, taskSupport } = tool;
  const start = async (args: JsonObject, call: TaskCall) => {
    const { startDurableCall } = await durableCalls();
    return await startDurableCall(tool, args, { ...call, flows: await opening });
  };
  return {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    ...(annotations === undefined ? {} : { annotations }),
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    taskSupport,
    async call(args: JsonObject, call: ServerCall): Promise<CallToolResult> {
      try {
        const { awaitDurableCall } = await durableCalls();
        // Too many held calls are told before anything is stored: afterwards nobody would know the run.
        return await call.hold(async () => {
          const started = await start(args, { ...call, ttlMs: null });
          return answered(await awaitDurableCall(started, { ...call, flows: await opening }));
        });
      } catch (error) {
        if (error instanceof ProtocolError) throw error;
        return errorAnswer(error, name, logger);
      }
    },
    async start(args: JsonObject, call: TaskCall): Promise<StartedCall> {
      try {
        const { taskId, attached } = await start(args, call);
        return { kind: 'task', taskId, ...(attached ? { note: ATTACHED } : {}) };
      } catch (error) {
        return couldNotBegin(error, name, logger);
      }
    },
  };
}

/** Loaded with the first call: tools are listed without it. */
const durableCalls = () => import('./durable-call.ts');

const ATTACHED = 'an equal call had begun this run';

function answered(answer: AnsweredCall): CallToolResult {
  if (answer.kind === 'result') return answer.result as unknown as CallToolResult;
  const { code, message, data } = answer.error;
  throw new ProtocolError(code, message, data);
}
