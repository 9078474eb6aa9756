import { FLOW_STATES } from '@tasked/core';
import { z } from 'zod';
import { HOLD_WITH_PROGRESS_SECS } from '../answer-limits.ts';
import { findFlow } from '../find-flow.ts';
import { flowIdInput } from '../flow-id-input.ts';
import { flowCounts, flowCountsSchema, isoTime } from '../flow-on-wire.ts';
import { nextStep } from '../next-step.ts';
import { holdForNews } from '../status/hold-for-news.ts';
import { taskEntrySchema } from '../status/task-entry.ts';
import { readTaskPage } from '../status/task-page.ts';
import { defineTool, flatInput } from '../tool.ts';

const description = `Use this to see how a flow stands, or to wait for it: with wait_secs it answers as soon as the flow has ended or a task has failed, and when the time is up. Waiting in one call is better than asking often.
Shows the counts by state and the tasks with their outputs and errors, long ones cut (tasked_task_output reads them whole). Of many tasks it lists failed, waiting and running ones first; pass the cursor to see the others.`;

/** `tasked_flow_status`: how a flow and its tasks stand, now or as soon as there is news. */
export const flowStatusTool = defineTool({
  name: 'tasked_flow_status',
  title: 'Status of a flow',
  description,
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: flatInput({
    flow_id: flowIdInput,
    wait_secs: z
      .number()
      .min(0)
      .max(HOLD_WITH_PROGRESS_SECS)
      .default(0)
      .describe('Wait for news at most this long; 25 suits most clients.'),
    cursor: z.string().max(500).optional().describe('Of an answer before, for more tasks.'),
  }),
  output: z.object({
    flow_id: z.string(),
    queue: z.string(),
    state: z.enum(FLOW_STATES),
    ended_at: z.string().optional(),
    ...flowCountsSchema,
    tasks: z.array(taskEntrySchema),
    tasks_omitted: z.int().optional().describe('Tasks that did not fit in.'),
    cursor: z.string().optional(),
  }),
  async run({ flow_id, wait_secs, cursor }, call) {
    const first = await findFlow(call, flow_id);
    const flow = await holdForNews(call, first, wait_secs);
    const page = await readTaskPage(call, flow, cursor);
    const next = nextStep(flow, page.failed);
    return {
      flow_id: flow.id,
      queue: flow.queue,
      state: flow.state,
      ...(flow.endedAt === null ? {} : { ended_at: isoTime(flow.endedAt) }),
      ...flowCounts(flow),
      tasks: page.tasks,
      ...(page.cursor === null ? {} : { tasks_omitted: page.omitted, cursor: page.cursor }),
      next: page.cursor === null ? next : `${next}; pass cursor for more tasks`,
    };
  },
});
