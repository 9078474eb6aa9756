import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  type ListToolsResult,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { FlowTasks, type ServerTool, type TaskSource, taskTools } from '@tasked/server';
import { handlerOf, refuseOthers, serverBelow } from './below-server.ts';
import { callTool } from './call-tool.ts';
import type { DurableEngine } from './durable-engine.ts';
import { Questions } from './questions.ts';
import { mountTaskMethods } from './task-methods.ts';

/** Tools by name, in the order in which clients see them. */
type Tools = Map<string, ServerTool>;

/** What stands on a server, of each engine. */
const mounted = new WeakMap<Server, Map<DurableEngine, Tools>>();

/** The tools of an engine on a server, to which more can be added until it is connected; the first time it mounts them. */
export function mountedOn(server: McpServer | Server, engine: DurableEngine): Tools {
  const below = serverBelow(server);
  refuseOthers(below);
  const engines = mounted.get(below) ?? new Map<DurableEngine, Tools>();
  mounted.set(below, engines);
  const standing = engines.get(engine);
  if (standing !== undefined) return standing;
  const tools: Tools = new Map(taskTools(engine).map((tool) => [tool.name, tool]));
  const { flows, retentionMs, owner } = engine;
  const source = new FlowTasks({ flows, ...(retentionMs === undefined ? {} : { retentionMs }) });
  // Nobody in particular would see what others, who are nobody either, have.
  const list = owner === '' ? {} : { list: {} };
  const tasks = { ...list, cancel: {}, requests: { tools: { call: {} } } };
  below.registerCapabilities({ tools: {}, tasks });
  listBeside(below, tools);
  callBeside(below, { tools, source, engine });
  mountTaskMethods(below, { source, engine, questions: new Questions(source, engine.logger) });
  engines.set(engine, tools);
  return tools;
}

/** Ours come after the last page of the server's own. */
function listBeside(server: Server, tools: Tools): void {
  const others = handlerOf(server, 'tools/list');
  server.setRequestHandler(ListToolsRequestSchema, async (request, extra) => {
    const theirs = (await others?.(request, extra)) as ListToolsResult | undefined;
    const kept = (theirs?.tools ?? []).filter(({ name }) => !tools.has(name));
    const more = theirs?.nextCursor === undefined ? [...tools.values()].map(listed) : [];
    return { ...theirs, tools: [...kept, ...more] };
  });
}

interface Calls {
  readonly tools: Tools;
  readonly source: TaskSource;
  readonly engine: DurableEngine;
}

/** Calls of other tools go on to whoever answered them before. */
function callBeside(server: Server, { tools, source, engine }: Calls): void {
  const others = handlerOf(server, 'tools/call');
  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const { name } = request.params;
    const tool = tools.get(name);
    if (tool !== undefined) return await callTool({ tool, request, extra, source, engine });
    if (others !== undefined) return await others(request, extra);
    const known = [...tools.keys()].join(', ');
    const shown = JSON.stringify(name.slice(0, 100));
    throw new McpError(ErrorCode.InvalidParams, `there is no tool ${shown}; there are ${known}`);
  });
}

/** A tool as `tools/list` shows it. */
function listed(tool: ServerTool): ListToolsResult['tools'][number] {
  const { name, title, description, annotations, inputSchema, outputSchema, taskSupport } = tool;
  const shown = {
    name,
    title,
    description,
    annotations,
    inputSchema,
    outputSchema,
    execution: taskSupport === 'forbidden' ? undefined : { taskSupport },
  };
  return shown as ListToolsResult['tools'][number];
}
