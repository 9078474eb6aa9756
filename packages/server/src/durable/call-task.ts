import type { Flow, FlowTask, JsonObject, TaskFailure, TaskOutcome } from '@tasked/core';
import { isTerminalFlow } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { toolError } from '../error-answer.ts';
import { failureText } from '../failure-text.ts';
import { isoTime } from '../flow-on-wire.ts';
import { taskHandle } from './handle.ts';
import { protocolErrorIn } from './protocol-failure.ts';
import { toolOfExecutor } from './tool-executor.ts';
import { type ToolResultJson, toolResultJson } from './tool-result-json.ts';

/** The one task of a flow that is a call of a durable tool; null for any other flow. */
export async function callTaskOf(flows: Flows, flow: Flow): Promise<FlowTask | null> {
  if (flow.taskCount !== 1) return null;
  const [task] = await flows.tasksOf(flow, { limit: 1 });
  return task !== undefined && toolOfExecutor(task.executor) !== null ? task : null;
}

/** How a call ended: with the tool's own result, with an error of the protocol, or cancelled; null while it runs. */
export async function callOutcome(
  flows: Flows,
  flow: Flow,
  task: FlowTask,
): Promise<TaskOutcome | null> {
  if (!isTerminalFlow(flow.state)) return null;
  if (flow.state === 'cancelled') return { kind: 'cancelled' };
  const output = await flows.outputOf(flow, task.id);
  if (flow.state === 'succeeded') return resultOf(flow, toolResultJson(output));
  const error = protocolErrorIn(task.failure, output);
  return error === null ? resultOf(flow, failedResult(flow, task)) : { kind: 'error', error };
}

/** Where a call is, in a few words: what its tool said last, if it said anything. */
export function callMessage(task: FlowTask): string {
  const { state, progress, failure, availableAt } = task;
  switch (state) {
    case 'running':
      return progress?.message ?? 'running';
    case 'failed':
      return failure === null ? 'failed' : reasonOf(failure);
    case 'delayed': {
      const again = availableAt === null ? 'later' : `at ${isoTime(availableAt)}`;
      return failure === null
        ? `goes on ${again}`
        : `attempt ${task.attempt} failed (${reasonOf(failure)}), tried again ${again}`;
    }
    case 'waiting':
      return 'waiting for input';
    case 'ready':
    case 'blocked':
      return 'waiting for a free runner';
    default:
      return state;
  }
}

/** Codes of what a tool threw: what it says itself says more. */
const THROWN: readonly string[] = ['executor_error', 'permanent_error', 'protocol_error'];

function reasonOf(failure: TaskFailure): string {
  return THROWN.includes(failure.code) ? failure.message.toWellFormed() : failureText(failure);
}

function resultOf({ id }: Flow, result: ToolResultJson): TaskOutcome {
  return { kind: 'result', result: taskHandle(id, result) as unknown as JsonObject };
}

function failedResult({ id }: Flow, { failure, attempt }: FlowTask): ToolResultJson {
  const { code, message } = failure ?? { code: 'internal', message: 'the tool failed' };
  const next = 'the run has ended; mend what is told here and call the tool again';
  const error = { code, message: message.toWellFormed(), task_id: id, attempts: attempt, next };
  return toolError(error) as unknown as ToolResultJson;
}
