import { setTimeout as pause } from 'node:timers/promises';
import type { TaskedServer } from './tasked-server.ts';

/** What `tasked_flow_status` tells of a task, as far as the demo looks at it. */
export interface TaskStatus {
  readonly id: string;
  readonly state: string;
  /** Told when it is above 1. */
  readonly attempt?: number;
  /** Why its last attempt failed. */
  readonly error?: string;
  /** Of a shell task; text when it is too long to be shown whole. */
  readonly output?: { readonly stdout: string } | string;
}

/** What `tasked_flow_status` tells of a flow, as far as the demo looks at it. */
export interface FlowStatus {
  readonly state: string;
  readonly tasks: readonly TaskStatus[];
}

/** How often a person's view of the flow is refreshed. */
const LOOK_EVERY_MS = 150;

/** How long one call may wait for the flow to end. */
const WAIT_SECS = 20;

/** A flow on a server. */
export interface FollowedFlow {
  readonly server: TaskedServer;
  readonly flowId: string;
  readonly signal: AbortSignal;
}

function readStatus({ server, flowId }: FollowedFlow, waitSecs: number): Promise<FlowStatus> {
  const input = { flow_id: flowId, wait_secs: waitSecs };
  return server.call<FlowStatus>('tasked_flow_status', input);
}

/** The ids of the tasks in one state. */
export function idsIn(status: FlowStatus, state: string): readonly string[] {
  return status.tasks.filter((task) => task.state === state).map((task) => task.id);
}

/** Shows the flow as it changes, as for a person, until `enough` says so or it has ended. */
export async function follow(
  flow: FollowedFlow,
  show: (status: FlowStatus) => void,
  enough: (status: FlowStatus) => boolean = () => false,
): Promise<FlowStatus> {
  for (;;) {
    const status = await readStatus(flow, 0);
    show(status);
    if (enough(status) || status.state !== 'running') return status;
    await pause(LOOK_EVERY_MS, undefined, { signal: flow.signal });
  }
}

/** Waits for the flow's end, as an agent does: one call answers when there is news, or nothing new in time. */
export async function waitForEnd(flow: FollowedFlow): Promise<FlowStatus> {
  for (;;) {
    const status = await readStatus(flow, WAIT_SECS);
    if (status.state !== 'running') return status;
    flow.signal.throwIfAborted();
  }
}
