import { join, resolve } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Executor, Logger, LogStore, Store } from '@tasked/core';
import { Flows, Runner } from '@tasked/dag-engine';
import type { Settings } from './settings.ts';

/**
 * How long a command that has to stop is given from SIGTERM to SIGKILL. Together with the grace that tasks get
 * before, it is less than the four seconds after which clients kill their server.
 */
const TERM_MS = { serve: 2_000, work: 4_000 } as const;

/** Where flows and logs are kept. */
export interface Storage {
  readonly store: Store;
  readonly logs: LogStore;
}

/** Everything that runs in this process, but for the protocol. */
export interface Engine extends Storage {
  readonly flows: Flows;
  readonly runner: Runner;
  /** Writes what is left and lets go of the data directory; the runner must have stopped. */
  close(): Promise<void>;
}

/**
 * Opens the data directory and puts the engine together; nothing runs yet. Between the parts that take a while to
 * load the event loop gets a turn, in which a client that is already waiting is answered.
 */
export async function openEngine(settings: Settings, logger: Logger): Promise<Engine> {
  await turn();
  const storage = await openStorage(settings, logger);
  await turn();
  const executors = await loadExecutors(settings);
  const { store, logs } = storage;
  const { concurrency } = settings;
  const runner = new Runner({
    store,
    logs,
    executors,
    logger,
    ...(concurrency === undefined ? {} : { slots: concurrency }),
    ...workOptions(settings),
  });
  return {
    ...storage,
    flows: new Flows({ store, executors }),
    runner,
    async close() {
      await logs.flush();
      await store.close();
    },
  };
}

async function loadExecutors(settings: Settings): Promise<readonly Executor[]> {
  const { httpExecutor, noopExecutor, shellExecutor } = await import('@tasked/executors');
  return [
    shellExecutor({ ...shellOptions(settings), graceMs: TERM_MS[settings.kind] }),
    httpExecutor(),
    noopExecutor(),
  ];
}

/** Loads only the store that is asked for. */
async function openStorage(settings: Settings, logger: Logger): Promise<Storage> {
  if (settings.store === 'memory') {
    const { MemoryLogStore, MemoryStore } = await import('@tasked/store-memory');
    return { store: new MemoryStore(), logs: new MemoryLogStore() };
  }
  const { FileLogStore, openSqliteStore } = await import('@tasked/store-drizzle/sqlite');
  const dataDir = resolve(settings.dataDir);
  const store = await openSqliteStore({ dataDir, logger });
  return { store, logs: new FileLogStore({ dataDir, logger }) };
}

function shellOptions({ passEnv, store, dataDir }: Settings) {
  if (store === 'memory') return { passEnv };
  return { passEnv, stateDir: join(resolve(dataDir), 'processes') };
}

function workOptions(settings: Settings) {
  if (settings.kind === 'serve') return {};
  const { queues, name } = settings;
  return {
    ...(queues === undefined ? {} : { queues }),
    ...(name === undefined ? {} : { name }),
  };
}
