import { setTimeout as sleep } from 'node:timers/promises';
import type { Executor, FlowId, Store } from '@tasked/core';
import { Flows, Runner } from '@tasked/dag-engine';
import { noopExecutor } from '@tasked/executors';
import { openPostgresStore } from '@tasked/store-drizzle/postgres';
import { FileLogStore, openSqliteStore } from '@tasked/store-drizzle/sqlite';
import { chain, fan, loose, type Workload } from '../../workloads.ts';
import {
  type Contender,
  type Lane,
  NARROW,
  type Place,
  type RunnerSettings,
} from '../contender.ts';

/** As many tasks as one flow of the throughput has. */
const FLOW = 1_000;

/** Opens ours on PostgreSQL. */
export async function openTaskedPostgres({ postgresUrl, directory }: Place): Promise<Contender> {
  const store = await openPostgresStore({ url: postgresUrl });
  return TaskedContender.on(store, new FileLogStore({ dataDir: directory }));
}

/** Opens ours on SQLite. */
export async function openTaskedSqlite({ directory }: Place): Promise<Contender> {
  const store = await openSqliteStore({ dataDir: directory });
  return TaskedContender.on(store, new FileLogStore({ dataDir: directory }));
}

class TaskedContender implements Contender {
  readonly #store: Store;
  readonly #logs: FileLogStore;
  readonly #flows: Flows;
  #open: FlowId[] = [];
  #runner: Runner | null = null;

  private constructor(store: Store, logs: FileLogStore) {
    this.#store = store;
    this.#logs = logs;
    this.#flows = new Flows({ store, executors: [noopExecutor()] });
  }

  static async on(store: Store, logs: FileLogStore): Promise<TaskedContender> {
    const defaults = { retries: 3, timeoutMs: 300_000 };
    await store.ensureQueue({ name: 'wide', concurrency: null, defaults });
    await store.ensureQueue({ name: 'narrow', concurrency: NARROW, defaults });
    return new TaskedContender(store, logs);
  }

  async enqueue(jobs: number, lane: Lane): Promise<void> {
    for (let left = jobs; left > 0; left -= FLOW) {
      await this.#submit(loose(Math.min(left, FLOW)), lane);
    }
  }

  async start({ slots, work }: RunnerSettings): Promise<void> {
    const executors = [noopThat(work)];
    this.#runner = new Runner({ store: this.#store, logs: this.#logs, executors, slots });
    await this.#runner.start();
  }

  async settled(): Promise<void> {
    for (const flowId of this.#open) {
      while ((await this.#store.getFlow(flowId, ''))?.state === 'running') await sleep(1);
    }
    this.#open = [];
  }

  async chain(length: number): Promise<void> {
    await this.#run(chain(length));
  }

  async fan(width: number): Promise<void> {
    await this.#run(fan(width));
  }

  async stop(): Promise<void> {
    await this.#runner?.stop({ graceMs: 0 });
    this.#logs.close();
    await this.#store.close();
  }

  async #submit(workload: Workload, lane: Lane): Promise<FlowId> {
    const { flow } = await this.#flows.submit({ ...workload, queue: lane }, '');
    this.#open.push(flow.id);
    return flow.id;
  }

  /** Submits a flow and waits for the hint that it has ended. */
  async #run(workload: Workload): Promise<void> {
    const ended = new Set<FlowId>();
    let look = () => {};
    const unsubscribe = this.#store.subscribe((hint) => {
      for (const flow of hint.flows ?? []) if (flow.ended) ended.add(flow.flowId);
      look();
    });
    const flowId = await this.#submit(workload, 'wide');
    await new Promise<void>((resolve) => {
      look = () => {
        if (ended.has(flowId)) resolve();
      };
      look();
    });
    unsubscribe();
    this.#open = this.#open.filter((open) => open !== flowId);
  }
}

function noopThat(work: RunnerSettings['work']): Executor {
  const noop = noopExecutor();
  return {
    ...noop,
    run: (context) => work()?.then(() => noop.run(context)) ?? noop.run(context),
  };
}
