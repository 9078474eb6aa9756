import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { TaskLimits } from './task-limits.ts';

/** How `Tasks` treats them. */
export interface TasksOptions extends TaskLimits {
  /** The machine's if omitted. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Hears what listeners, and stores that cancel jobs, failed with; omitted: nobody does. */
  readonly logger?: Logger;
  /** Refuses the empty owner with `forbidden`; false if omitted. For whoever serves more than one. */
  readonly requireOwner?: boolean;
  /** Time to live of a task that is created without one; 86,400,000 ms (a day) if omitted; null for ever. */
  readonly defaultTtlMs?: number | null;
  /** A task that lives longer is failed by `cleanup`; null, and so if omitted, lets it live. */
  readonly maxLifetimeMs?: number | null;
}

export const DEFAULT_TTL_MS = 86_400_000;
