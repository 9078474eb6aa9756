import {
  FLOW_TASK_ID,
  type JsonObject,
  type JsonValue,
  QUEUE_NAME,
  TRIGGER_RULES,
} from '@tasked/core';
import { z } from 'zod';

/** Most tasks that one flow may have. */
export const MAX_TASKS = 10_000;

/** Longest run of one attempt that can be asked for: seven days, well within what a timer can hold. */
const MAX_TIMEOUT_SECS = 604_800;

const timeoutSecs = z.number().min(0).max(MAX_TIMEOUT_SECS);
const retries = z.int().min(0).max(100);
const delaySecs = z.number().min(0).max(86_400);

/**
 * `config` and `input` pass through as they are, own `__proto__` keys included; that they are JSON, and
 * how large, is judged by json-faults.ts.
 */
const config = z
  .unknown()
  .refine(isObject, 'an object')
  .meta({ type: 'object' }) as z.ZodType<JsonObject>;
const input = z.unknown() as z.ZodType<JsonValue>;

const taskSchema = z.strictObject({
  id: z.string().regex(FLOW_TASK_ID, '1 to 128 letters, digits, "-" or "_"'),
  executor: z.string().describe('What runs it, by its type.'),
  config: config
    .default({})
    .describe(
      "The executor's settings. ${tasks.<id>.output.<path>} in any text of config or input becomes the output of a task in depends_on.",
    ),
  input: input.default(null).describe('Any JSON.'),
  depends_on: z.array(z.string()).default([]).describe('Ids of tasks that must end first.'),
  timeout_secs: timeoutSecs.optional().describe("Per attempt; 0: none. Default: the queue's."),
  retries: retries.optional().describe("Further attempts after a failure. Default: the queue's."),
  backoff_secs: delaySecs.default(1).describe('Delay before the first retry; then doubles.'),
  max_backoff_secs: delaySecs.optional().describe('Longest delay. Default: 300.'),
  trigger_rule: z
    .enum(TRIGGER_RULES)
    .default('all_success')
    .describe('Which ends of depends_on let it run; otherwise it is skipped.'),
  allow_failure: z.boolean().default(false).describe('Its failure counts as success.'),
  priority: z.int().min(0).max(9).default(5).describe('0 runs first.'),
});

const queueConfigSchema = z.strictObject({
  concurrency: z.int().min(1).max(10_000).default(10).describe('Tasks running at once.'),
  max_retries: retries.default(3),
  timeout_secs: timeoutSecs.default(300).describe('0: none.'),
});

/**
 * The shape of a submitted flow, as it stands on the wire. Unknown fields are errors. What a
 * shape cannot say (ids, dependencies, references, sizes) is judged by `parseFlowSpec`. Descriptions are
 * short: `z.toJSONSchema(flowSpecSchema, { io: 'input' })` is read by a model that pays for every word.
 */
export const flowSpecSchema = z.strictObject({
  queue: z
    .string()
    .regex(QUEUE_NAME, '1 to 128 letters, digits, or one of _ . : / -')
    .default('default'),
  tasks: z.array(taskSchema).min(1).max(MAX_TASKS).describe('A DAG: no cycles.'),
  queue_config: queueConfigSchema.prefault({}).describe('Used only when the queue is new.'),
  webhooks: z.unknown().optional().describe('Not available yet.'),
  fail_fast: z.boolean().default(false).describe('Cancel the rest at the first failure.'),
  idempotency_key: z
    .string()
    .min(1)
    .max(256)
    .refine((key) => key.isWellFormed(), 'well-formed Unicode')
    .optional()
    .describe('Submitting again with this key returns the same flow.'),
  validate_only: z.boolean().default(false).describe('Check it, create nothing.'),
});

/** A flow as it was submitted, its defaults filled in; field names as on the wire. */
export type FlowSpec = z.output<typeof flowSpecSchema>;

/** One task of a {@link FlowSpec}. */
export type FlowTaskSpec = FlowSpec['tasks'][number];

/** The fields that an object of a flow may have, for whoever explains an unknown one. */
export const FLOW_FIELDS = {
  flow: Object.keys(flowSpecSchema.shape),
  task: Object.keys(taskSchema.shape),
  queueConfig: Object.keys(queueConfigSchema.shape),
} as const;

/** True for what JSON calls an object. */
export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
