import type { Parameter } from './database.ts';

/** How a store reaches the server for what keeps its runners alive. */
export interface Line {
  /** True when it is a session of the server, which can hold locks. */
  readonly isSession: boolean;
  /** Since when it has held without a break, as `performance.now()` tells it; null while it is down. */
  readonly upSince: number | null;
  /** `@` before a name stands for the schema. Throws `unavailable` while it is down. */
  query<Row extends object>(
    text: string,
    parameters?: readonly Parameter[],
  ): Promise<readonly Row[]>;
  /** Lets go of the server. */
  close(): Promise<void>;
}
