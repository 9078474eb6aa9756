export { backgroundClock } from './background-clock.ts';
export { ERROR_CODES, type ErrorCode, isTaskedError, TaskedError } from './errors.ts';
export type { TaskFailure } from './failure.ts';
export {
  type DependencyCounters,
  type Fate,
  fate,
  type SkipCause,
  type TaskEnd,
  TRIGGER_RULES,
  type TriggerRule,
  type Verdict,
  verdict,
} from './fate.ts';
export type { Fault } from './fault.ts';
export { type Flow, type FlowCounts, flowEnd } from './flow.ts';
export { canFlowGo, FLOW_STATES, type FlowState, isTerminalFlow } from './flow-state.ts';
export type { Attempt, FlowTask } from './flow-task.ts';
export {
  canFlowTaskGo,
  FLOW_TASK_STATES,
  type FlowTaskState,
  isTerminalFlowTask,
} from './flow-task-state.ts';
export {
  type EpochMs,
  FLOW_TASK_ID,
  type FlowId,
  type FlowTaskId,
  type Owner,
  QUEUE_NAME,
  type QueueName,
  type RunnerId,
} from './ids.ts';
export type {
  AnsweredInputs,
  AnswerInputs,
  InputAnswer,
  InputKey,
  InputRef,
  OutstandingInput,
  RefusalReason,
  RefusedAnswer,
} from './input.ts';
export { Janitor, type JanitorOptions, type Sweep, type SweepCounts } from './janitor.ts';
export type { JsonObject, JsonValue } from './json.ts';
export { decodeJson, encodeJson } from './json-text.ts';
export type { Idempotency, NewFlow, NewFlowTask } from './new-flow.ts';
export type { Outcome } from './outcome.ts';
export { isPermanentError, PermanentError } from './permanent-error.ts';
export type { Clock } from './ports/clock.ts';
export type {
  AttemptContext,
  Executor,
  LostAttempt,
  PlannedTask,
  StopReason,
} from './ports/executor.ts';
export type {
  CancelFlow,
  CreateFlowResult,
  FlowChanges,
  FlowStore,
  HoldTasks,
  ListFlows,
  ListFlowTasks,
  OutputPreview,
  PrunedFlows,
  PruneFlows,
} from './ports/flow-store.ts';
export type { IdSource } from './ports/id-source.ts';
export {
  LOG_STREAMS,
  type LogChunk,
  type LogStore,
  type LogStream,
  type LogWindow,
} from './ports/log-store.ts';
export type { LogFields, Logger } from './ports/logger.ts';
export type { ChangedFlow, Hint, Notifier } from './ports/notifier.ts';
export type { QueueStore } from './ports/queue-store.ts';
export type { Store } from './ports/store.ts';
export type { ListTasks, ListTasksPage, TaskStore } from './ports/task-store.ts';
export {
  CLAIM_TURN,
  type Claim,
  type ClaimedAttempt,
  claimTurn,
  MAX_TICK,
  type NewRunner,
  type Report,
  type Runner,
  type StoredOutput,
  type TakenAttempt,
  type TakeOver,
  type Tick,
  type TickResult,
  type WorkStore,
} from './ports/work-store.ts';
export type { Progress } from './progress.ts';
export { type Dependent, propagate, type Touched } from './propagate.ts';
export type { NewQueue, Queue, QueueDefaults } from './queue.ts';
export { randomIds } from './random-ids.ts';
export {
  type MalformedReference,
  REFERENCE_FORM,
  type Reference,
  type ReferenceScan,
  scanReferences,
} from './references.ts';
export { NOTHING_TO_RESUME, type Resume } from './resume.ts';
export { type Random, type RetryPolicy, retryDelayMs } from './retry.ts';
export {
  type Moment,
  type SpentAttempt,
  settle,
  settleInterrupted,
  settleLost,
} from './settle-policy.ts';
export type { AttemptEnd, AttemptRef, FlowTaskRef, Settlement } from './settlement.ts';
export { systemClock } from './system-clock.ts';
export { amend, type TaskAmendment } from './task/amend.ts';
export { type AnsweredTask, answerInput } from './task/answer-input.ts';
export { encodeOwner, type Principal } from './task/encode-owner.ts';
export { expiresAt, isExpired, TASK_RETENTION_MS } from './task/expiry.ts';
export { decodeCursor, encodeCursor, type ListPlace } from './task/list-cursor.ts';
export type { ListedTasks, TaskListing } from './task/list-tasks.ts';
export { type NewTask, newTask } from './task/new-task.ts';
export { requireInput } from './task/require-input.ts';
export { endedAt, TASK_ID, type Task, type TaskId } from './task/task.ts';
export type { ChangedTask, ChangeNote, TaskChange, TaskRefusal } from './task/task-change.ts';
export {
  answeredInputs,
  INPUT_KEY,
  type InputRequests,
  type InputResponses,
  outstandingInputs,
  type TaskInput,
} from './task/task-input.ts';
export type { TaskLimits } from './task/task-limits.ts';
export type { TaskError, TaskOutcome } from './task/task-outcome.ts';
export {
  isTerminal,
  isValidTransition,
  parseStatus,
  type TaskStatus,
  type TerminalStatus,
  terminalStates,
  validStatuses,
} from './task/task-status.ts';
export type { TaskTransition, TransitionListener } from './task/task-transitions.ts';
export { type CreateTask, type TaskCleanup, Tasks } from './task/tasks.ts';
export type { TasksOptions } from './task/tasks-options.ts';
export { cancel, complete, fail, type TaskStep, transition } from './task/transition.ts';
export { refuseHugeTick } from './tick-limit.ts';
export type { Warning } from './warning.ts';
