import { type Flow, type FlowId, isTaskedError, TaskedError } from '@tasked/core';
import { nearestOf } from '@tasked/dag-engine/spec';
import { isoTime } from './flow-on-wire.ts';
import type { ToolCall } from './tool-call.ts';

type Caller = Pick<ToolCall, 'flows' | 'owner'>;

/** How many flows an unknown id is answered with. */
const RECENT_FLOWS = 3;

/** Among how many of the newest flows the one that was meant is looked for. */
const LOOKED_THROUGH = 200;

/**
 * What `read` gives. When it finds no flow of that id, the `not_found` names the flow whose id is nearest and
 * the owner's most recent flows: a model that lost or garbled an id finds it again.
 */
export async function orNearestFlow<Found>(
  caller: Caller,
  flowId: FlowId,
  read: () => Promise<Found>,
): Promise<Found> {
  try {
    return await read();
  } catch (error) {
    if (!isTaskedError(error) || error.code !== 'not_found') throw error;
    throw await withNearestFlow(error, caller, flowId);
  }
}

/** The flow. Throws `not_found` as {@link orNearestFlow} does. */
export function findFlow(caller: Caller, flowId: FlowId): Promise<Flow> {
  return orNearestFlow(caller, flowId, () => caller.flows.get(flowId, caller.owner));
}

async function withNearestFlow(error: TaskedError, { flows, owner }: Caller, flowId: FlowId) {
  const known = await flows.list({ owner, limit: LOOKED_THROUGH });
  const meant = nearestOf(known.map(({ id }) => id))(flowId);
  const recent = known.slice(0, RECENT_FLOWS);
  const ids = recent.map(({ id, state }) => `${id} (${state})`).join(', ');
  const recently = recent.length === 0 ? 'you have none yet' : `your most recent ones: ${ids}`;
  const hint = meant === undefined ? recently : `did you mean ${meant}, or one of ${ids}`;
  return new TaskedError('not_found', `${error.message}; ${hint}`, {
    details: {
      ...(meant === undefined ? {} : { did_you_mean: meant }),
      recent_flows: recent.map(recentFlow),
    },
  });
}

function recentFlow({ id, queue, state, createdAt }: Flow) {
  return { flow_id: id, queue, state, created_at: isoTime(createdAt) };
}
