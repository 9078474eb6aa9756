import { FLOW_STATES } from '@tasked/core';
import { z } from 'zod';
import { orNearestFlow } from '../find-flow.ts';
import { flowIdInput } from '../flow-id-input.ts';
import { defineTool, flatInput } from '../tool.ts';

const description = `Use this to stop a flow that is no longer wanted.
What has not ended becomes cancelled at once and running tasks are told to stop; what has succeeded keeps its output. Cancelling twice, or a flow that has ended, changes nothing and says what state it is in.`;

/** `tasked_cancel_flow`: ends a flow as cancelled. */
export const cancelFlowTool = defineTool({
  name: 'tasked_cancel_flow',
  title: 'Cancel a flow',
  description,
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: false,
  },
  input: flatInput({ flow_id: flowIdInput }),
  output: z.object({
    flow_id: z.string(),
    queue: z.string(),
    state: z.enum(FLOW_STATES),
    cancelled: z.boolean().describe('False: it had ended before.'),
    task_count: z.int(),
    tasks_succeeded: z.int(),
    tasks_cancelled: z.int(),
  }),
  async run({ flow_id }, call) {
    const cancel = () => call.flows.cancel(flow_id, call.owner);
    const { cancelled, flow } = await orNearestFlow(call, flow_id, cancel);
    return {
      flow_id: flow.id,
      queue: flow.queue,
      state: flow.state,
      cancelled,
      task_count: flow.taskCount,
      tasks_succeeded: flow.counts.succeeded,
      tasks_cancelled: flow.counts.cancelled,
      next: cancelled
        ? 'cancelled: nothing more of it will start'
        : `nothing to do: it was ${flow.state} already`,
    };
  },
});
