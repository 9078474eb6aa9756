import type { Logger, Owner, Tasks } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { durableServerTools } from './durable/durable-server-tool.ts';
import type { DurableTool } from './durable/durable-tool.ts';
import {
  createToolServer,
  type RequestOrigin,
  type ServedTasks,
  type ToolServer,
} from './server/create-tool-server.ts';
import { taskedTools } from './server/tasked-tools.ts';
import { DeferredTasks } from './tasks/deferred-tasks.ts';
import type { TaskSource } from './tasks/task-source.ts';
import type { ToolContext } from './tool-call.ts';
import { BUILT_IN_EXECUTORS } from './tools/describe-executors.ts';

/** What a server serves. */
export interface TaskedServerOptions extends Omit<ToolContext, 'flows' | 'logs' | 'owner'> {
  /** A promise will do while the engine is still being opened: tools are listed, and calls wait for it. */
  readonly flows: Flows | Promise<Flows>;
  readonly logs: ToolContext['logs'] | Promise<ToolContext['logs']>;
  /** Whose flows clients see and submit: one owner, or found from what the transport knows of a request. */
  readonly owner: Owner | ((origin: RequestOrigin) => Owner);
  readonly logger: Logger;
  /** Of the software, for clients to show. */
  readonly version: string;
  /**
   * Types of the executors that `flows` takes, for models to be told of; what is not allowed does not belong here. Default:
   * shell, http and noop.
   */
  readonly executors?: readonly string[];
  /** Tools of your own beside Tasked's; the runners that are to run them need their executors. */
  readonly tools?: readonly DurableTool[];
  /** How flows are served as tasks of the protocol. */
  readonly tasks?: TaskedTasksOptions;
  /** How many calls of one owner may wait for news at once; 1,000 if omitted. */
  readonly maxHeldCalls?: number;
}

/** How flows are served as tasks of the protocol. */
export interface TaskedTasksOptions extends Omit<ServedTasks, 'source'> {
  /** False: there are no tasks on the wire, and tools alone serve every client. Default true. */
  readonly enabled?: boolean;
  /** Standalone tasks, to be served beside the flows. */
  readonly standalone?: Tasks | Promise<Tasks>;
  /** How long flows are kept after their end, if they are ever removed. */
  readonly retentionMs?: number;
}

const INSTRUCTIONS =
  'Runs work that outlasts a call. Submit a flow with tasked_submit_flow, wait with tasked_flow_status ' +
  '(wait_secs), read results with tasked_task_output. Every answer ends with next: what to do next.';

/** Tasked as an MCP server: its tools, and flows as tasks, for clients of both eras. */
export function createTaskedServer(options: TaskedServerOptions): ToolServer {
  const { flows, logger, owner, version, tools = [], tasks = {} } = options;
  const { executors = BUILT_IN_EXECUTORS, maxHeldCalls } = options;
  const context = contextOf(options);
  // That the engine could not be opened is told by who opened it; calls tell that it is not there.
  context.catch(() => {});
  const source = tasks.enabled !== false ? sourceOf(options) : null;
  return createToolServer({
    info: { name: 'tasked', title: 'Tasked', version },
    instructions: INSTRUCTIONS,
    tools: [
      ...taskedTools(executors, context, logger),
      ...durableServerTools(tools, { flows, logger }),
    ],
    owner,
    logger,
    ...(maxHeldCalls === undefined ? {} : { maxHeldCalls }),
    ...(source === null ? {} : { tasks: servedTasks(source, tasks) }),
  });
}

function servedTasks(source: TaskSource, { secret }: TaskedTasksOptions): ServedTasks {
  return {
    source,
    ...(secret === undefined ? {} : { secret }),
  };
}

async function contextOf(options: TaskedServerOptions): Promise<Omit<ToolContext, 'owner'>> {
  const { afterClient } = options;
  const [flows, logs] = await Promise.all([options.flows, options.logs]);
  return { flows, logs, ...(afterClient === undefined ? {} : { afterClient }) };
}

function sourceOf({ flows, tasks = {} }: TaskedServerOptions): TaskSource {
  const opening = async (): Promise<TaskSource> => {
    const { retentionMs } = tasks;
    const kept = retentionMs === undefined ? {} : { retentionMs };
    const asTasks = { flows: await flows, ...kept };
    const standalone = await tasks.standalone;
    // Until the engine is open nobody waits for a task: none of this is in the way of the list of tools.
    const { FlowTasks } = await import('./tasks/flow-tasks.ts');
    if (standalone === undefined) return new FlowTasks(asTasks);
    const { MergedTasks } = await import('./tasks/merged-tasks.ts');
    const { StandaloneTasks } = await import('./tasks/standalone-tasks.ts');
    return new MergedTasks(new FlowTasks(asTasks), new StandaloneTasks(standalone));
  };
  return new DeferredTasks(opening());
}
