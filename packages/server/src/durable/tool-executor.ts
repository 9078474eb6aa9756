/** What the types of executors begin with that run a tool. */
const PREFIX = 'tool:';

/** The type of the executor that runs a tool. */
export function toolExecutorType(toolName: string): string {
  return `${PREFIX}${toolName}`;
}

/** The name of the tool that an executor of this type runs; null for any other executor. */
export function toolOfExecutor(executorType: string): string | null {
  return executorType.startsWith(PREFIX) ? executorType.slice(PREFIX.length) : null;
}
