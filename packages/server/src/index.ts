export {
  type AnsweredCall,
  awaitDurableCall,
  type DurableCaller,
  type StartedDurableCall,
  startDurableCall,
  type WaitingCaller,
} from './durable/durable-call.ts';
export { type DurableServing, durableServerTools } from './durable/durable-server-tool.ts';
export {
  type DurableTool,
  type DurableToolOptions,
  durableTool,
  type Returned,
} from './durable/durable-tool.ts';
export type { DurableToolContext } from './durable/durable-tool-context.ts';
export { DurableTools, type DurableToolsOptions } from './durable/durable-tools.ts';
export type {
  Elicitation,
  ElicitationAnswer,
  FormElicitation,
  InputRequest,
} from './durable/elicitation.ts';
export { taskHandle } from './durable/handle.ts';
export type { ToolSchema } from './durable/json-schema-of.ts';
export {
  type MountTaskToolsOptions,
  mountDurableTools,
  mountTaskTools,
} from './durable/mount-durable-tools.ts';
export { ALL_SCOPES } from './durable/scopes.ts';
export { type TaskToolsOptions, taskTools } from './durable/task-tools.ts';
export type { ToolResultJson } from './durable/tool-result-json.ts';
export type { Unique } from './durable/unique.ts';
export { type HeldCalls, heldCallsOn } from './held-calls.ts';
export { HTTP_STATUS } from './http/http-status.ts';
export { refuseForeign } from './http/refuse-foreign.ts';
export {
  createTaskedHttp,
  type HttpOptions,
  ownerOf,
  serveToolsOverHttp,
  type TaskedHttp,
  type TaskedHttpOptions,
} from './http/tasked-http.ts';
export {
  createToolServer,
  type RequestOrigin,
  type ServedTasks,
  type ToolServer,
  type ToolServerOptions,
} from './server/create-tool-server.ts';
export type {
  InputNeeded,
  ServerCall,
  ServerTool,
  StartedCall,
  TaskCall,
  TaskSupport,
} from './server/server-tool.ts';
export {
  createTaskedServer,
  type TaskedServerOptions,
  type TaskedTasksOptions,
} from './tasked-server.ts';
export { FlowTasks, type FlowTasksOptions } from './tasks/flow-tasks.ts';
export { MergedTasks } from './tasks/merged-tasks.ts';
export { StandaloneTasks } from './tasks/standalone-tasks.ts';
export type { TaskPage, TaskSource, WaitForTask } from './tasks/task-source.ts';
export type { TaskView } from './tasks/task-view.ts';
export type { Progress, ToolContext } from './tool-call.ts';
export type { ObjectSchema } from './tool-schema.ts';
export { type AcceptsInput, acceptedBy } from './wire/input-kinds.ts';
export { RPC_CODES } from './wire/rpc-error.ts';
export { type LegacyTask, toLegacyTask } from './wire/to-legacy-task.ts';
export {
  type DetailedModernTask,
  type ModernTask,
  toDetailedModernTask,
  toModernTask,
} from './wire/to-modern-task.ts';
