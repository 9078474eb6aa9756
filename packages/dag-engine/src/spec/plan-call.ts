import { type EpochMs, type JsonValue, type NewFlow, TaskedError } from '@tasked/core';
import { examineJson } from './examine-json.ts';
import { MAX_TASK_BYTES } from './flow-limits.ts';
import { type FlowSpec, flowSpecSchema } from './flow-spec.ts';
import { pathText } from './json-path.ts';
import { type PlanFlow, planFlow } from './plan-flow.ts';

/** The id of the one task of a flow that is a call. */
export const CALL_TASK_ID = 'call';

/** How calls are run; what is omitted is the queue's to say. */
export interface CallOptions {
  /** Default: `default`. It is made when it does not exist. */
  readonly queue?: string;
  /** Further attempts after a failure. */
  readonly retries?: number;
  /** Longest run of one attempt; 0 for no limit. */
  readonly timeoutSecs?: number;
}

/** One call of what a runner can run. */
export interface Call extends CallOptions {
  /** `Executor.type`; that some runner has it is the caller's to know. */
  readonly executor: string;
  /** Taken as it is: nothing in it is a reference. */
  readonly input: JsonValue;
  /** Calls of an owner with one key are one flow. */
  readonly once?: CallOnce;
}

/** Which calls are one. */
export interface CallOnce {
  readonly key: string;
  /** For how long after its creation a flow stands for later calls; default for as long as it is kept. */
  readonly periodMs?: number;
}

/** The flow that these options make of a call, its input still to come. Throws `invalid_input`. */
export function callSpec(executor: string, options: CallOptions): FlowSpec {
  const { queue, retries, timeoutSecs: timeout_secs } = options;
  const task = { id: CALL_TASK_ID, executor, retries, timeout_secs };
  const parsed = flowSpecSchema.safeParse({ queue, tasks: [task] });
  if (parsed.success) return parsed.data;
  const flaws = parsed.error.issues.map(
    ({ path, message }) => `${String(path.at(-1))}: ${message}`,
  );
  throw new TaskedError('invalid_input', `such a call cannot be run: ${flaws.join('; ')}`);
}

/** Turns a call into the flow to be created. Throws `invalid_input` and `limit_exceeded` for its input. */
export function planCall(call: Call, plan: PlanFlow): NewFlow {
  refuseInput(call.input);
  const planned = planFlow(plan);
  return {
    ...planned,
    tasks: planned.tasks.map((task) => ({ ...task, input: call.input })),
    idempotency: idempotencyOf(call, plan.now),
  };
}

function idempotencyOf({ once }: Call, now: EpochMs): NewFlow['idempotency'] {
  if (once === undefined) return null;
  const { key, periodMs } = once;
  // The key says all that makes two calls one.
  const idempotency = { key, specHash: key };
  return periodMs === undefined ? idempotency : { ...idempotency, heldSince: now - periodMs };
}

function refuseInput(input: JsonValue): void {
  const exam = examineJson(input);
  if (exam.kind === 'too_large' || (exam.kind === 'sound' && isTooLarge(exam.json))) {
    const message = `the input has more than ${MAX_TASK_BYTES} bytes of JSON; put large data into a file and pass its path`;
    throw new TaskedError('limit_exceeded', message);
  }
  if (exam.kind === 'flawed') {
    const told = exam.flaws.map(({ path, message }) => `${pathText(path)} ${message}`);
    throw new TaskedError('invalid_input', `the input is no JSON: ${told.join('; ')}`);
  }
}

function isTooLarge(json: string): boolean {
  return Buffer.byteLength(json) > MAX_TASK_BYTES;
}
