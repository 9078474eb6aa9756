import { FLOW_STATES, type Flow, type QueueName } from '@tasked/core';
import { nearestOf } from '@tasked/dag-engine/spec';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { isoTime } from '../flow-on-wire.ts';
import { defineTool, flatInput } from '../tool.ts';
import type { ToolCall } from '../tool-call.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

const description = `Use this to find flows again: what runs now, what failed lately, or a flow_id that was lost.
Lists flows, newest first, of one queue or of all, in one state or in any. Pass the cursor of an answer to read on.`;

const flowSummarySchema = z.object({
  flow_id: z.string(),
  queue: z.string(),
  state: z.enum(FLOW_STATES),
  task_count: z.int(),
  tasks_succeeded: z.int(),
  tasks_failed: z.int(),
  created_at: z.string(),
});

/** `tasked_list_flows`: the flows of the caller, newest first. */
export const listFlowsTool = defineTool({
  name: 'tasked_list_flows',
  title: 'List flows',
  description,
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: flatInput({
    queue: z.string().min(1).max(200).optional().describe('Default: all queues.'),
    state: z.enum(FLOW_STATES).optional().describe('Default: any.'),
    limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
    cursor: z.string().max(500).optional(),
  }),
  output: z.object({
    queue: z.string().nullable().describe('What was asked for; null: all.'),
    count: z.int().describe('Flows in this answer.'),
    flows: z.array(flowSummarySchema),
    cursor: z.string().optional().describe('There are more: pass it to read on.'),
  }),
  async run({ queue, state, limit, cursor }, call) {
    const { flows, owner } = call;
    const found = await flows.list({
      owner,
      ...(queue === undefined ? {} : { queue }),
      ...(state === undefined ? {} : { state }),
      ...(cursor === undefined ? {} : { after: positionOf(cursor) }),
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const more = found.length > limit && last !== undefined;
    return {
      queue: queue ?? null,
      count: page.length,
      flows: page.map(summaryOf),
      ...(more ? { cursor: encodeCursor(['flows', last.createdAt, last.id]) } : {}),
      next: page.length > 0 ? nextAfter(more) : await nextAfterNothing(call, queue),
    };
  },
});

function summaryOf({ id, queue, state, taskCount, counts, createdAt }: Flow) {
  return {
    flow_id: id,
    queue,
    state,
    task_count: taskCount,
    tasks_succeeded: counts.succeeded,
    tasks_failed: counts.failed,
    created_at: isoTime(createdAt),
  };
}

const positionSchema = z.tuple([z.literal('flows'), z.int(), z.string()]);

function positionOf(cursor: string) {
  const [, createdAt, id] = decodeCursor(cursor, positionSchema);
  return { createdAt, id };
}

function nextAfter(more: boolean): string {
  const details = 'call tasked_flow_status with a flow_id for details';
  return more ? `${details}, or pass cursor to read on` : details;
}

/** Among how many of the newest flows the queue that was meant is looked for. */
const LOOKED_THROUGH = 200;

async function nextAfterNothing(
  { flows, owner }: ToolCall,
  queue: QueueName | undefined,
): Promise<string> {
  const nothing = 'no such flows: call without queue and state to see all, or submit one';
  if (queue === undefined) return nothing;
  const recent = await flows.list({ owner, limit: LOOKED_THROUGH });
  const queues = new Set(recent.map((flow) => flow.queue));
  const meant = queues.has(queue) ? undefined : nearestOf(queues)(queue);
  if (meant === undefined) return nothing;
  return `no flows in this queue; did you mean ${JSON.stringify(meant)}? Call without queue to see all`;
}
