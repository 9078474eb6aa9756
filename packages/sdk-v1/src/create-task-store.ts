import {
  backgroundClock,
  type Clock,
  encodeOwner,
  type Logger,
  type Principal,
  type TaskStore,
  Tasks,
} from '@tasked/core';
import { DurableTaskStore } from './durable-task-store.ts';
import { WatchedWorkers } from './watched-workers.ts';
import { Worker } from './worker.ts';

const HEARTBEAT_MS = 1_000;
const POLL_INTERVAL_MS = 1_000;

/** Whose tasks a store has, and how it looks after them. */
export interface TaskStoreOptions extends Principal {
  /**
   * Pause between two signs of life while tasks go on, and between two looks at those of other processes, in
   * milliseconds; 1,000 if omitted. All processes on one store use the same one. Who gives none at fifteen looks in
   * a row is dead.
   */
  readonly heartbeatMs?: number;
  /** What clients are told, in milliseconds, for a task that says nothing of it; 1,000 if omitted. */
  readonly pollIntervalMs?: number;
  /** {@link backgroundClock} if omitted: a store keeps no process alive. */
  readonly clock?: Clock;
  /** Hears of store trouble in the background; omitted: nobody does. */
  readonly logger?: Logger;
}

/**
 * The `taskStore` of a server on SDK 1.x, whose tasks and results outlast its process. The work itself does not: a
 * task whose process died becomes `failed`, and its message begins with `worker_lost`. Tasks belong to the
 * principal, never to a session. Keep one for each principal and process: each is a worker of its own.
 */
export function createTaskStore(
  store: TaskStore | Tasks,
  options: TaskStoreOptions,
): DurableTaskStore {
  const { clock = backgroundClock, heartbeatMs = HEARTBEAT_MS, logger } = options;
  const { pollIntervalMs = POLL_INTERVAL_MS } = options;
  const tasks = isTasks(store) ? store : new Tasks(store, { clock, ...(logger && { logger }) });
  const owner = encodeOwner(options);
  const life = { tasks, owner, clock, heartbeatMs, logger };
  const worker = new Worker(life);
  const others = new WatchedWorkers(life, worker);
  return new DurableTaskStore({ tasks, owner, worker, others, pollIntervalMs });
}

/** Not by class: there may be another installed copy of core. */
function isTasks(store: TaskStore | Tasks): store is Tasks {
  return 'onTransition' in store;
}
