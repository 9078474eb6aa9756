import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowId, Store } from '@tasked/core';
import { Flows, Runner } from '@tasked/dag-engine';
import { noopExecutor } from '@tasked/executors';
import { FileLogStore, openSqliteStore } from '@tasked/store-drizzle/sqlite';
import type { Workload } from '../workloads.ts';

/** The whole engine on an SQLite file of its own, as the apps put it together, without MCP. */
export class Engine {
  readonly store: Store;
  readonly #flows: Flows;
  readonly #runner: Runner;
  readonly #close: () => Promise<void>;

  private constructor(store: Store, runner: Runner, close: () => Promise<void>) {
    this.store = store;
    this.#runner = runner;
    this.#flows = new Flows({ store, executors: [noopExecutor()] });
    this.#close = close;
  }

  /** Opens the engine in a new directory, or in `dataDir`, which is then left there. */
  static async open(slots: number, dataDir?: string): Promise<Engine> {
    const directory = dataDir ?? (await mkdtemp(join(tmpdir(), 'tasked-bench-')));
    const store = await openSqliteStore({ dataDir: directory });
    const logs = new FileLogStore({ dataDir: directory });
    const runner = new Runner({ store, logs, executors: [noopExecutor()], slots });
    await runner.start();
    return new Engine(store, runner, async () => {
      if (dataDir === undefined) await rm(directory, { recursive: true });
    });
  }

  /** Submits a flow to an unlimited queue; resolves once it is committed. */
  async submit(workload: Workload): Promise<FlowId> {
    const { flow } = await this.#flows.submit({ ...workload, queue: UNLIMITED }, '');
    return flow.id;
  }

  /** Makes the queue that nothing limits but the slots. */
  async prepare(): Promise<void> {
    const defaults = { retries: 3, timeoutMs: 300_000 };
    await this.store.ensureQueue({ name: UNLIMITED, concurrency: null, defaults });
  }

  /** Resolves when `count` further flows have ended. Call it before they can. */
  ended(count: number): Promise<void> {
    let open = count;
    return new Promise((resolve) => {
      const unsubscribe = this.store.subscribe((hint) => {
        open -= hint.flows?.filter((flow) => flow.ended).length ?? 0;
        if (open > 0) return;
        unsubscribe();
        resolve();
      });
    });
  }

  /** Stops or resumes handing out tasks. */
  async pause(paused: boolean): Promise<void> {
    await this.store.setQueuePaused(UNLIMITED, paused);
  }

  /** Resolves when all of `flows` have ended, whoever ran them; looks every 20 ms. */
  async allEnded(flows: readonly FlowId[]): Promise<void> {
    for (const flowId of flows) {
      while ((await this.store.getFlow(flowId, ''))?.state === 'running') await sleep(20);
    }
  }

  async close(): Promise<void> {
    await this.#runner.stop({ graceMs: 0 });
    await this.store.close();
    await this.#close();
  }
}

const UNLIMITED = 'unlimited';
