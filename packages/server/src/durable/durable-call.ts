import type { JsonObject, TaskError, TaskId } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { toolError } from '../error-answer.ts';
import type { ServerCall } from '../server/server-tool.ts';
import { flowStatus } from '../tasks/flow-status.ts';
import { callMessage, callOutcome } from './call-task.ts';
import { checkArguments } from './check-arguments.ts';
import type { DurableTool } from './durable-tool.ts';
import { handleResult, taskHandle } from './handle.ts';
import { holdCall } from './hold-call.ts';
import { refuseWithout } from './scopes.ts';
import type { ToolResultJson } from './tool-result-json.ts';
import { onceFor } from './unique.ts';

/** Who calls a durable tool, and where its runs are kept. */
export interface DurableCaller extends Pick<ServerCall, 'owner' | 'scopes'> {
  readonly flows: Flows;
  /** How long the caller wants the task to be kept; null when it did not say. */
  readonly ttlMs: number | null;
}

/** A call that is durable. */
export interface StartedDurableCall {
  readonly taskId: TaskId;
  /** True when an equal call had begun this run before. */
  readonly attached: boolean;
}

/** Who waits for a call. */
export interface WaitingCaller extends Pick<ServerCall, 'owner' | 'signal' | 'reportProgress'> {
  readonly flows: Flows;
}

/**
 * Begins a call of a durable tool, or finds the run of an equal one, and resolves when it is durable. Throws, before
 * anything is stored: `forbidden` without the tool's scope, then `invalid_input` with every fault of the arguments,
 * `limit_exceeded` for more than 1 MiB of them.
 */
export async function startDurableCall(
  tool: DurableTool,
  args: JsonObject,
  { flows, owner, scopes, ttlMs }: DurableCaller,
): Promise<StartedDurableCall> {
  refuseWithout(tool.scope, scopes, tool.name);
  const checked = await checkArguments(tool.arguments, args);
  const once = tool.unique === null ? {} : { once: onceFor(tool.name, tool.unique, checked) };
  const call = { ...tool.call, ...once, executor: tool.executor.type, input: args };
  const { flow, created } = await flows.submitCall(call, owner, { ttlMs });
  return { taskId: flow.id, attached: !created };
}

/** How a held call is answered: with a result, which may be the handle of a run that goes on, or an error of JSON-RPC. */
export type AnsweredCall =
  | { readonly kind: 'result'; readonly result: ToolResultJson }
  | { readonly kind: 'error'; readonly error: TaskError };

/**
 * Holds a call whose client wants the result itself, for as long as clients bear it, and answers with the result, or with
 * the handle of a run that goes on. The end of the waiting never ends the run.
 */
export async function awaitDurableCall(
  { taskId, attached }: StartedDurableCall,
  caller: WaitingCaller,
): Promise<AnsweredCall> {
  const { flow, task } = await holdCall(taskId, caller);
  const outcome = await callOutcome(caller.flows, flow, task);
  switch (outcome?.kind) {
    case undefined: {
      const status = flowStatus(flow);
      const result = handleResult({
        id: taskId,
        status,
        statusMessage: callMessage(task),
        attached,
      });
      return { kind: 'result', result };
    }
    case 'result': {
      const result = outcome.result as unknown as ToolResultJson;
      return { kind: 'result', result: attached ? withAttached(result) : result };
    }
    case 'error':
      return { kind: 'error', error: outcome.error };
    case 'cancelled':
      return { kind: 'result', result: cancelledResult(taskId) };
  }
}

/** Says of a result that an equal call had begun its run, where no field of the tool's own is touched. */
function withAttached(result: ToolResultJson): ToolResultJson {
  const task = { ...(result._meta?.task as JsonObject | undefined), attached: true };
  return { ...result, _meta: { ...result._meta, task } };
}

function cancelledResult(taskId: TaskId): ToolResultJson {
  const message = 'somebody cancelled the run before it had ended';
  const next = 'call the tool again if its result is wanted after all';
  const result = toolError({ code: 'cancelled', message, task_id: taskId, next });
  return taskHandle(taskId, result as unknown as ToolResultJson);
}
