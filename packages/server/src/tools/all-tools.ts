import type { Tool } from '../tool.ts';
import { cancelFlowTool } from './cancel-flow.ts';
import { flowStatusTool } from './flow-status.ts';
import { listFlowsTool } from './list-flows.ts';
import { provideInputTool } from './provide-input.ts';
import { submitFlowTool } from './submit-flow.ts';
import { taskOutputTool } from './task-output.ts';

/** Every tool, in the order in which clients see them; flows are made of executors of these types. */
export const allTools = (executors: readonly string[]): readonly Tool[] => [
  submitFlowTool(executors),
  flowStatusTool,
  taskOutputTool,
  listFlowsTool,
  cancelFlowTool,
  provideInputTool,
];
