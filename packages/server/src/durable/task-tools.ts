import type { Logger, LogStore } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import type { ServerTool } from '../server/server-tool.ts';
import { toolsOn } from '../server/tasked-tools.ts';
import { cancelFlowTool } from '../tools/cancel-flow.ts';
import { flowStatusTool } from '../tools/flow-status.ts';
import { provideInputTool } from '../tools/provide-input.ts';
import { taskOutputTool } from '../tools/task-output.ts';

const TOOLS = [flowStatusTool, taskOutputTool, cancelFlowTool, provideInputTool];

/** What these tools work on, perhaps still being opened. */
export interface TaskToolsOptions {
  readonly flows: Flows | Promise<Flows>;
  readonly logs: TaskLogs | Promise<TaskLogs>;
  readonly logger: Logger;
}

type TaskLogs = Pick<LogStore, 'read'>;

/** Tools by which a client without tasks follows a run: its status, its output, what it asks, and its end. */
export function taskTools({ flows, logs, logger }: TaskToolsOptions): readonly ServerTool[] {
  const context = Promise.all([flows, logs]).then(([f, l]) => ({ flows: f, logs: l }));
  // That they could not be opened is told by who opened them.
  context.catch(() => {});
  return toolsOn(TOOLS, context, logger);
}
