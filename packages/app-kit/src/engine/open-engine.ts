import { setImmediate as turn } from 'node:timers/promises';
import type { Logger, QueueName } from '@tasked/core';
import { Flows, Runner } from '@tasked/dag-engine';
import { type ExecutorOptions, loadExecutors } from './executors.ts';
import { Housekeeping } from './housekeeping.ts';
import { openStorage, type Storage } from './open-storage.ts';

/** What an engine is put together from. */
export interface EngineOptions extends ExecutorOptions {
  /** Attempts at once; undefined leaves it to the engine. */
  readonly concurrency: number | undefined;
  /** Run only tasks of these queues; undefined: all. */
  readonly queues?: readonly QueueName[] | undefined;
  /** What the runner is called; undefined leaves it to the engine. */
  readonly name?: string | undefined;
  /** How long flows are kept once they have ended, in milliseconds. */
  readonly retentionMs: number;
}

/** Everything that runs in this process, but for the protocol. Before it is closed the runner must have stopped. */
export interface Engine extends Storage {
  readonly flows: Flows;
  /** Types of the executors that tasks may name. */
  readonly executors: readonly string[];
  /** Runs nothing before it is started. */
  readonly runner: Runner;
}

/**
 * Opens the place and puts the engine together. Between the parts that take a while to load the event loop gets a
 * turn, in which a client that is already waiting is answered. Until it is closed, it forgets flows whose retention is
 * over, and tasks that are over. The runner MUST have stopped before it is closed.
 * Throws as the store of the place does.
 */
export async function openEngine(options: EngineOptions, logger: Logger): Promise<Engine> {
  await turn();
  const storage = await openStorage(options.place, logger);
  await turn();
  const executors = await loadExecutors(options);
  const { store, logs, clock } = storage;
  const { concurrency, queues, name, retentionMs } = options;
  const housekeeping = new Housekeeping({ store, logs, clock, retentionMs, logger });
  return {
    ...storage,
    flows: new Flows({ store, executors: executors.known, clock }),
    executors: executors.running.map(({ type }) => type),
    runner: new Runner({
      store,
      logs,
      executors: executors.running,
      reclaimers: executors.reclaiming,
      clock,
      logger,
      ...(concurrency === undefined ? {} : { slots: concurrency }),
      ...(queues === undefined ? {} : { queues }),
      ...(name === undefined ? {} : { name }),
    }),
    async close() {
      await housekeeping.stop();
      await storage.close();
    },
  };
}
