import { type Flow, type FlowId, isTaskedError, TaskedError } from '@tasked/core';
import { isoTime } from './flow-on-wire.ts';
import type { ToolCall } from './tool-call.ts';

type Caller = Pick<ToolCall, 'flows' | 'owner'>;

/** How many flows an unknown id is answered with. */
const RECENT_FLOWS = 3;

/**
 * What `read` gives. When it finds no flow of that id, the `not_found` names the owner's most recent flows:
 * a model that lost or garbled an id finds it again.
 */
export async function orRecentFlows<Found>(
  caller: Caller,
  read: () => Promise<Found>,
): Promise<Found> {
  try {
    return await read();
  } catch (error) {
    if (!isTaskedError(error) || error.code !== 'not_found') throw error;
    throw await withRecentFlows(error, caller);
  }
}

/** The flow. Throws `not_found` as {@link orRecentFlows} does. */
export function findFlow(caller: Caller, flowId: FlowId): Promise<Flow> {
  return orRecentFlows(caller, () => caller.flows.get(flowId, caller.owner));
}

async function withRecentFlows(error: TaskedError, { flows, owner }: Caller) {
  const recent = await flows.list({ owner, limit: RECENT_FLOWS });
  const ids = recent.map(({ id, state }) => `${id} (${state})`).join(', ');
  const hint = recent.length === 0 ? 'you have none yet' : `your most recent ones: ${ids}`;
  const recentFlows = recent.map(({ id, queue, state, createdAt }) => ({
    flow_id: id,
    queue,
    state,
    created_at: isoTime(createdAt),
  }));
  return new TaskedError('not_found', `${error.message}; ${hint}`, {
    details: { recent_flows: recentFlows },
  });
}
