/**
 * The legal transitions of an MCP task (docs/state-machine.md): MCP specification 2025-11-25, Tasks, "Task Status
 * Lifecycle". An empty row is a terminal status.
 */
const NEXT = {
  working: ['input_required', 'completed', 'failed', 'cancelled'],
  input_required: ['working', 'completed', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

/** One status of a task. */
export type TaskStatus = keyof typeof NEXT;

/** A status that nothing leaves. */
export type TerminalStatus = {
  [Status in TaskStatus]: (typeof NEXT)[Status] extends readonly [] ? Status : never;
}[TaskStatus];

/** Every status, in the order of a task's life. */
export const validStatuses = Object.keys(NEXT) as readonly TaskStatus[];

/** Every status that nothing leaves. */
export const terminalStates = validStatuses.filter(isTerminal);

/** True when nothing leaves `status`: the task has ended, for ever. */
export function isTerminal(status: TaskStatus): status is TerminalStatus {
  return NEXT[status].length === 0;
}

/** True when a task may go from `from` to `to`. Staying where it is is no transition. */
export function isValidTransition(from: TaskStatus, to: TaskStatus): boolean {
  return (NEXT[from] as readonly TaskStatus[]).includes(to);
}

/** The status of that name; null when there is none. Names are exact: no other case, no spaces. */
export function parseStatus(text: unknown): TaskStatus | null {
  return validStatuses.find((status) => status === text) ?? null;
}
