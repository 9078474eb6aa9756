import {
  backgroundClock,
  type Clock,
  type FlowStore,
  Janitor,
  type Logger,
  type LogStore,
} from '@tasked/core';
import { flowSweep } from '@tasked/dag-engine';

/** How long flows are kept once they have ended, when nobody says otherwise: a week. */
const RETENTION_MS = 7 * 24 * 3_600_000;

/** What is kept in order, and how. */
export interface HousekeepingOptions {
  readonly store: Pick<FlowStore, 'pruneFlows'>;
  readonly logs: Pick<LogStore, 'deleteLogs'>;
  /** Whose time counts. */
  readonly clock: Clock;
  /** How long flows are kept once they have ended; undefined: a week. */
  readonly retentionMs: number | undefined;
  readonly logger: Logger;
}

/** Forgets what is over, now and every five minutes, in small steps; it keeps no process alive. */
export class Housekeeping {
  readonly #stopping = new AbortController();
  readonly #janitor: Janitor;

  constructor({ store, logs, clock, retentionMs = RETENTION_MS, logger }: HousekeepingOptions) {
    const background = { now: () => clock.now(), schedule: backgroundClock.schedule };
    const flows = { store, logs, retentionMs, clock: background, signal: this.#stopping.signal };
    this.#janitor = new Janitor({ sweeps: [flowSweep(flows)], clock: background, logger });
    this.#janitor.start();
  }

  /** Resolves once nothing is done any more, which takes as long as the step under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#janitor.stop();
  }
}
