import {
  backgroundClock,
  type Clock,
  type FlowStore,
  Janitor,
  type Logger,
  type LogStore,
  type TaskStore,
  Tasks,
} from '@tasked/core';
import { flowSweep } from '@tasked/dag-engine';

/** What is kept in order, and how. */
export interface HousekeepingOptions {
  readonly store: Pick<FlowStore, 'pruneFlows'> & TaskStore;
  readonly logs: Pick<LogStore, 'deleteLogs'>;
  /** Whose time counts. */
  readonly clock: Clock;
  /** How long flows are kept once they have ended, in milliseconds; tasks say themselves how long. */
  readonly retentionMs: number;
  readonly logger: Logger;
}

/** Forgets what is over, now and every five minutes, in small steps; it keeps no process alive. */
export class Housekeeping {
  readonly #stopping = new AbortController();
  readonly #janitor: Janitor;

  constructor({ store, logs, clock, retentionMs, logger }: HousekeepingOptions) {
    const background = { now: () => clock.now(), schedule: backgroundClock.schedule };
    const flows = { store, logs, retentionMs, clock: background, signal: this.#stopping.signal };
    const sweeps = [flowSweep(flows), new Tasks(store, { clock, logger }).sweep];
    this.#janitor = new Janitor({ sweeps, clock: background, logger });
    this.#janitor.start();
  }

  /** Resolves once nothing is done any more, which takes as long as the step under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#janitor.stop();
  }
}
