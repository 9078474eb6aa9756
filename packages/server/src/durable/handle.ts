import type { JsonObject, TaskId, TaskStatus } from '@tasked/core';
import { HOLD_SECS } from '../answer-limits.ts';
import type { ToolResultJson } from './tool-result-json.ts';

/**
 * A result that names the task it belongs to, in `_meta.task.id`: a text to say, or a result, whose other `_meta`
 * it keeps.
 */
export function taskHandle<Result extends ToolResultJson = ToolResultJson>(
  taskId: TaskId,
  said: string | Result,
): Result {
  const result = typeof said === 'string' ? { content: [{ type: 'text', text: said }] } : said;
  const { _meta = {} } = result as ToolResultJson;
  const task = { ...(_meta.task as JsonObject | undefined), id: taskId };
  return { ...result, _meta: { ..._meta, task } } as unknown as Result;
}

/** What is told of a run that goes on. */
export interface Handled {
  readonly id: TaskId;
  readonly status: TaskStatus;
  readonly statusMessage: string | null;
  /** True when the run had been begun by an equal call before. */
  readonly attached: boolean;
}

/** What a call answers whose run goes on: where to look for it, and what to do next. */
export function handleResult({ id, status, statusMessage, attached }: Handled): ToolResultJson {
  const handle = {
    task_id: id,
    status,
    ...(attached ? { attached } : {}),
    next: nextOf(id, { status, statusMessage, attached }),
  };
  const content = [{ type: 'text', text: JSON.stringify(handle) }];
  return taskHandle(id, { content, structuredContent: handle });
}

function nextOf(id: TaskId, { status, statusMessage, attached }: Omit<Handled, 'id'>): string {
  const said = statusMessage === null ? '' : ` (${statusMessage})`;
  const run = attached ? 'an equal call had begun this run' : 'the run';
  return status === 'input_required'
    ? `${run} waits for input${said}: show it and give it with tasked_provide_input, flow_id ${id}`
    : `${run} goes on${said}: call tasked_flow_status with flow_id ${id} and wait_secs ${HOLD_SECS}`;
}
