/** The tools that are compared, all with a body that does nothing. */
export const LANES = {
  plain: 'SDK 2.x, `registerTool`',
  memoryTasks: 'tasks in a map, as FastMCP’s; as a task',
  memory: '`durableTool`, memory',
  memoryTask: '`durableTool`, memory; as a task',
  sqlite: '`durableTool`, SQLite',
  sqliteTask: '`durableTool`, SQLite; as a task',
  postgres: '`durableTool`, PostgreSQL',
  postgresTask: '`durableTool`, PostgreSQL; as a task',
} as const satisfies Record<string, string>;

/** Key of one of {@link LANES}. */
export type LaneName = keyof typeof LANES;

/** What one round measured of a tool. */
export interface LaneFigures {
  /** From a call to its result, one call after the other, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Calls per second with 50 at once. */
  readonly rate: number;
}

/** One round's figures. */
export type ToolsRound = Readonly<Record<LaneName, LaneFigures>>;
