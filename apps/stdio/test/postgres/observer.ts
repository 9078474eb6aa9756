import type { Attempt, FlowTask, Owner } from '@tasked/core';
import { Flows } from '@tasked/dag-engine';
import { openPostgresStore } from '@tasked/store-drizzle/postgres';
import { onTestFinished } from 'vitest';
import { until } from '../support/until.ts';
import { traceExecutor } from './trace-executor.ts';

const OWNER: Owner = '';

/** Submits flows to a database and looks at what becomes of them; runs nothing. */
export class Observer {
  readonly store: Awaited<ReturnType<typeof openPostgresStore>>;
  readonly #flows: Flows;

  private constructor(store: Observer['store'], executors: readonly string[]) {
    this.store = store;
    this.#flows = new Flows({
      store,
      clock: store.clock,
      executors: executors.map((type) => traceExecutor(type)),
    });
  }

  static async open(url: string, executors: readonly string[] = ['trace']): Promise<Observer> {
    const store = await openPostgresStore({ url });
    onTestFinished(() => store.close());
    return new Observer(store, executors);
  }

  /** Returns the id of the flow. */
  async submit(flow: object): Promise<string> {
    return (await this.#flows.submit({ queue_config: WIDE, ...flow }, OWNER)).flow.id;
  }

  async cancel(flowId: string): Promise<void> {
    await this.#flows.cancel(flowId, OWNER);
  }

  /** True when none of these flows is running. */
  async haveEnded(flowIds: readonly string[]): Promise<boolean> {
    const states = await Promise.all(flowIds.map((flowId) => this.#state(flowId)));
    return !states.includes('running');
  }

  /** Resolves with the state in which the flow has ended. */
  async ended(flowId: string, withinMs = 20_000): Promise<string> {
    await until(async () => (await this.#state(flowId)) !== 'running', withinMs);
    return await this.#state(flowId);
  }

  async #state(flowId: string): Promise<string> {
    return (await this.#flows.get(flowId, OWNER)).state;
  }

  async task(flowId: string, taskId: string): Promise<FlowTask> {
    return await this.#flows.getTask(flowId, taskId, OWNER);
  }

  tasks(flowId: string): Promise<readonly FlowTask[]> {
    return this.store.listFlowTasks({ flowId, limit: 10_000 });
  }

  async output(flowId: string, taskId: string): Promise<unknown> {
    const [output] = await this.store.readOutputs([{ flowId, taskId }], 1_000_000);
    return output?.kind === 'output' ? output.value : output?.kind;
  }

  attempts(flowId: string, taskId: string): Promise<readonly Attempt[]> {
    return this.store.listAttempts({ flowId, taskId });
  }
}

const WIDE = { concurrency: 10_000 };
