import { FLOW_STATES, type Warning } from '@tasked/core';
import type { Validation } from '@tasked/dag-engine';
import { flowSpecSchema } from '@tasked/dag-engine/spec';
import { z } from 'zod';
import { submittedFlow } from '../submitted-flow.ts';
import { defineTool, type Tool } from '../tool.ts';
import { objectSchemaOf } from '../tool-schema.ts';
import { describeExecutors } from './describe-executors.ts';

const describe = (
  executors: readonly string[],
) => `Use this to run work that is long, has several steps, or must outlive this call: builds, tests, data jobs, deployments.
Submits a DAG of tasks, stores it durably and returns its flow_id at once; the tasks then run by themselves, in parallel where depends_on allows, with retries and timeouts, through restarts.
${describeExecutors(executors)}
A task may run more than once if its machine dies: set retries 0 for work that must not. Set idempotency_key to make a repeated submit harmless.`;

/** `tasked_submit_flow`: stores a flow and returns its id. It tells of executors of these types. */
export const submitFlowTool = (executors: readonly string[]): Tool =>
  defineTool({
    name: 'tasked_submit_flow',
    title: 'Submit a flow',
    description: describe(executors),
    annotations: {
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: true,
    },
    // The engine checks a flow as a whole, and tells every fault at once.
    input: { schema: objectSchemaOf(flowSpecSchema), parse: (args) => args },
    output: z.object({
      flow_id: z.string().optional().describe('Not with validate_only.'),
      queue: z.string(),
      state: z.enum(FLOW_STATES).optional(),
      task_count: z.int(),
      existing: z.literal(true).optional().describe('The idempotency_key was known: no new flow.'),
      valid: z.literal(true).optional().describe('With validate_only.'),
      warnings: z
        .array(z.object({ path: z.string(), message: z.string() }))
        .optional()
        .describe('What will probably go otherwise than expected.'),
    }),
    async run(args, call) {
      const { flows, owner } = call;
      if (isOnlyToBeValidated(args)) return validAnswer(await flows.validate(args, owner));
      const { flow, created, warnings } = await flows.submit(args, owner);
      const notice = flow.state === 'running' ? ((await call.afterClient?.()) ?? null) : null;
      const { next, ...fields } = submittedFlow(flow);
      return {
        ...fields,
        ...(created ? {} : { existing: true as const }),
        ...warningsField(warnings),
        next: notice === null ? next : `${next}; ${notice}`,
      };
    },
    async start(args, { flows, owner, ttlMs }) {
      if (isOnlyToBeValidated(args)) return null;
      const kept = ttlMs === null ? null : Math.min(ttlMs, LONGEST_TTL_MS);
      return (await flows.submit(args, owner, { ttlMs: kept })).flow.id;
    },
  });

/** What a client may add to the time that the operator keeps flows: 30 days, as of any task. */
const LONGEST_TTL_MS = 30 * 86_400_000;

function isOnlyToBeValidated(args: unknown): boolean {
  return (
    typeof args === 'object' &&
    args !== null &&
    'validate_only' in args &&
    args.validate_only === true
  );
}

function validAnswer({ queue, taskCount, warnings }: Validation) {
  return {
    valid: true as const,
    queue,
    task_count: taskCount,
    ...warningsField(warnings),
    next: 'valid, and nothing was created: call again without validate_only to submit it',
  };
}

function warningsField(warnings: readonly Warning[]) {
  return warnings.length === 0 ? {} : { warnings: [...warnings] };
}
