/** The legal transitions of a flow (docs/state-machine.md). An empty row is a terminal state. */
const NEXT = {
  running: ['succeeded', 'failed', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

/** One state of a flow. */
export type FlowState = keyof typeof NEXT;

/** Every state of a flow. */
export const FLOW_STATES = Object.keys(NEXT) as readonly FlowState[];

/** True when nothing leaves `state`. */
export function isTerminalFlow(state: FlowState): boolean {
  return NEXT[state].length === 0;
}

/** True when a flow may go from `from` to `to`. */
export function canFlowGo(from: FlowState, to: FlowState): boolean {
  return (NEXT[from] as readonly FlowState[]).includes(to);
}
