import { FLOW_TASK_STATES, type FlowTask, type JsonValue, type OutputPreview } from '@tasked/core';
import { z } from 'zod';
import { PREVIEW_CHARS } from '../answer-limits.ts';
import { cutText } from '../cut-text.ts';
import { failureText } from '../failure-text.ts';
import { isoTime, wireTaskState } from '../flow-on-wire.ts';

const cutSchema = z
  .object({ size: z.int(), read: z.string() })
  .optional()
  .describe('It was cut: its whole size, and the call that reads the rest.');

/** One task in a status. */
export const taskEntrySchema = z.object({
  id: z.string(),
  state: z.enum(FLOW_TASK_STATES.map(wireTaskState)),
  executor: z.string(),
  attempt: z.int().optional().describe('When above 1.'),
  progress: z.string().optional().describe('What it said last.'),
  available_at: z.string().optional().describe('When a delayed task goes on.'),
  reason: z.string().optional().describe('Why it was skipped.'),
  error: z.string().optional().describe('Of the last attempt.'),
  error_cut: cutSchema,
  output: z.unknown().optional().describe('JSON; the beginning of its text when cut.'),
  output_cut: cutSchema,
});

/** One task as {@link taskEntrySchema} says. */
export type TaskEntry = z.output<typeof taskEntrySchema>;

/** What it takes to say that something was cut: below that, cutting would not make an entry shorter. */
const CUT_COST_CHARS = 100;

/** Shows a task with about `maxChars` characters of its output, and of its error; never more than a preview. */
export function taskEntry(
  task: FlowTask,
  preview: OutputPreview | null,
  maxChars: number,
): TaskEntry {
  return {
    id: task.id,
    state: wireTaskState(task.state),
    executor: task.executor,
    ...(task.attempt > 1 ? { attempt: task.attempt } : {}),
    ...(task.progress === null ? {} : { progress: cutText(task.progress.message, maxChars) }),
    ...(task.availableAt === null ? {} : { available_at: isoTime(task.availableAt) }),
    ...(task.cause === null ? {} : { reason: task.cause }),
    ...errorFields(task, maxChars),
    ...outputFields(task, preview, maxChars),
  };
}

function errorFields(task: FlowTask, maxChars: number): Pick<TaskEntry, 'error' | 'error_cut'> {
  if (task.failure === null) return {};
  const whole = failureText(task.failure);
  if (whole.length <= worthCutting(maxChars)) return { error: whole };
  const error = cutText(whole, maxChars);
  return { error, error_cut: { size: whole.length, read: readCall(task) } };
}

function outputFields(
  task: FlowTask,
  preview: OutputPreview | null,
  maxChars: number,
): Pick<TaskEntry, 'output' | 'output_cut'> {
  if (preview === null || preview.text === 'null') return {};
  const isWhole = Buffer.byteLength(preview.text) === preview.bytes;
  if (isWhole && preview.text.length <= worthCutting(maxChars)) {
    return { output: JSON.parse(preview.text) as JsonValue };
  }
  const text = cutText(preview.text, maxChars);
  const offset = Buffer.byteLength(text);
  return {
    output: text,
    output_cut: { size: preview.bytes, read: `${readCall(task)}, offset ${offset}` },
  };
}

function worthCutting(maxChars: number): number {
  return Math.min(maxChars + CUT_COST_CHARS, PREVIEW_CHARS);
}

function readCall({ id }: FlowTask): string {
  return `tasked_task_output with task_id ${id}`;
}
