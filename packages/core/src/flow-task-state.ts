/**
 * The legal transitions of a flow task (docs/state-machine.md). An empty row is a terminal state.
 * `blocked`: dependencies or holds are open. `delayed`: becomes ready at a known time. `ready`: may be
 * claimed. `waiting`: holds no slot until an answer arrives.
 */
const NEXT = {
  blocked: ['ready', 'delayed', 'skipped', 'cancelled'],
  delayed: ['ready', 'cancelled'],
  ready: ['running', 'cancelled'],
  running: ['succeeded', 'failed', 'skipped', 'cancelled', 'waiting', 'delayed', 'ready'],
  waiting: ['ready', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
  skipped: [],
} as const satisfies Record<string, readonly string[]>;

/** One state of a flow task. */
export type FlowTaskState = keyof typeof NEXT;

/** Every state, in the order of a task's life. */
export const FLOW_TASK_STATES = Object.keys(NEXT) as readonly FlowTaskState[];

/** True when nothing leaves `state`. */
export function isTerminalFlowTask(state: FlowTaskState): boolean {
  return NEXT[state].length === 0;
}

/** True when a task may go from `from` to `to`. */
export function canFlowTaskGo(from: FlowTaskState, to: FlowTaskState): boolean {
  return (NEXT[from] as readonly FlowTaskState[]).includes(to);
}
