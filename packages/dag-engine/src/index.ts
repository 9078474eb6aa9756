export type { Answers, AnswersTaken, FlowInput } from './flow-inputs.ts';
export { type FlowSweepOptions, flowSweep } from './flow-sweep.ts';
export {
  Flows,
  type FlowsOptions,
  type Submission,
  type Validation,
  type WaitOptions,
} from './flows.ts';
export type { FunctionContext } from './function/function-context.ts';
export { type FunctionExecutorOptions, functionExecutor } from './function/function-executor.ts';
export { InputTimeoutError } from './function/input-timeout-error.ts';
export { isSuspension, Suspension } from './function/suspension.ts';
export type { InputAddress } from './input-address.ts';
export { DEFAULT_SLOTS, Runner, type RunnerOptions } from './runner.ts';
export { silentLogger } from './silent-logger.ts';
export {
  CALL_TASK_ID,
  type Call,
  type CallOnce,
  type CallOptions,
  callSpec,
} from './spec/plan-call.ts';
