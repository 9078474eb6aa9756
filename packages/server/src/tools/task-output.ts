import { FLOW_TASK_STATES, type FlowTask, isTerminalFlowTask, LOG_STREAMS } from '@tasked/core';
import { z } from 'zod';
import { ANSWER_CHARS, ERROR_CHARS, HOLD_SECS } from '../answer-limits.ts';
import { cutToJson } from '../cut-text.ts';
import { failureText } from '../failure-text.ts';
import { findTask } from '../find-task.ts';
import { flowIdInput } from '../flow-id-input.ts';
import { isoTime, wireTaskState } from '../flow-on-wire.ts';
import { type ShownWindow, showWanted } from '../output/wanted-window.ts';
import { defineTool, flatInput } from '../tool.ts';

const MAX_LIMIT = 100_000;
const MAX_TAIL_LINES = 10_000;

/** Characters of an answer that are neither its window nor its error. */
const AROUND_CHARS = 1_000;

const description = `Use this to read what a task produced or printed: its whole output, or its logs while it runs and after.
stream output is the task's output as JSON; stdout, stderr and log (both, in the order they came) are what a shell task printed in its last attempt. tail gives the last lines, of log unless stream says otherwise; offset and limit give any other window. The answer says how long the whole is and where to go on.`;

const streamSchema = z.enum(['output', ...LOG_STREAMS]);

/** `tasked_task_output`: a window of a task's output or logs. */
export const taskOutputTool = defineTool({
  name: 'tasked_task_output',
  title: 'Output of a task',
  description,
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: flatInput({
    flow_id: flowIdInput,
    task_id: z.string().min(1).max(200).optional().describe('Not needed when it is the only one.'),
    stream: streamSchema.optional().describe('Default: output.'),
    tail: z.int().min(1).max(MAX_TAIL_LINES).optional().describe('The last lines.'),
    offset: z.int().min(0).optional().describe('First byte; not with tail.'),
    limit: z.int().min(1).max(MAX_LIMIT).optional().describe('Bytes. Default: about 6,000.'),
  }),
  output: z.object({
    flow_id: z.string(),
    task_id: z.string(),
    state: z.enum(FLOW_TASK_STATES.map(wireTaskState)),
    attempt: z.int(),
    started_at: z.string().optional(),
    ended_at: z.string().optional(),
    error: z.string().nullable(),
    stream: streamSchema,
    output: z.unknown().describe('JSON when it is the whole output, else text.'),
    offset: z.int().describe('First byte shown.'),
    size: z.int().describe('Bytes of the whole.'),
    cut: z.boolean().describe('More exists than is shown.'),
    next_offset: z.int().optional().describe('Where the rest begins.'),
  }),
  async run({ flow_id, task_id, ...wanted }, call) {
    const task = await findTask(call, flow_id, task_id);
    const error = task.failure === null ? null : cutToJson(failureText(task.failure), ERROR_CHARS);
    const room = ANSWER_CHARS - AROUND_CHARS - JSON.stringify(error).length;
    const shown = await showWanted(call, task, wanted, room);
    return { ...taskFields(task), error, ...shown, next: nextAfter(task, shown) };
  },
});

function taskFields({ flowId, id, state, attempt, startedAt, endedAt }: FlowTask) {
  return {
    flow_id: flowId,
    task_id: id,
    state: wireTaskState(state),
    attempt,
    ...(startedAt === null ? {} : { started_at: isoTime(startedAt) }),
    ...(endedAt === null ? {} : { ended_at: isoTime(endedAt) }),
  };
}

function nextAfter(
  task: FlowTask,
  { stream, offset, size, cut, next_offset }: ShownWindow,
): string {
  if (next_offset !== undefined) {
    return `${size - next_offset} of ${size} bytes follow: call again with offset ${next_offset}`;
  }
  const state = wireTaskState(task.state);
  if (!isTerminalFlowTask(task.state)) {
    const wait = `call tasked_flow_status with wait_secs ${HOLD_SECS}`;
    if (task.attempt === 0) return `${state}: it has not started yet; ${wait}`;
    return stream === 'output'
      ? `${state}: no output yet; read stream log, or ${wait}`
      : `${state}: call again with offset ${size} for what it prints next, or ${wait}`;
  }
  if (cut) return `${state}: ${offset} bytes come before these: call with offset 0 to read them`;
  if (stream === 'output' && task.state === 'failed') return 'failed: read stream log with tail 40';
  return `${state}: this is all`;
}
