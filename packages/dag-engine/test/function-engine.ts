import type { Flow, FlowTask, JsonObject, JsonValue, Store } from '@tasked/core';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { FakeClock } from '@tasked/store-testkit';
import { Flows } from '../src/flows.ts';
import type { FunctionContext } from '../src/function/function-context.ts';
import { functionExecutor } from '../src/function/function-executor.ts';
import { Runner } from '../src/runner.ts';
import { until } from './engine.ts';

/** What a function does when it runs. */
export type Body = (input: JsonValue, ctx: FunctionContext) => unknown;

/** An engine whose tasks run functions, each a type of its own, on a clock that only the test moves. */
export class FunctionEngine {
  readonly clock = new FakeClock();
  readonly store: Store;
  readonly logs = new MemoryLogStore();
  readonly flows: Flows;
  readonly runner: Runner;
  readonly #executors: ReturnType<typeof functionExecutor>[];

  constructor(bodies: Readonly<Record<string, Body>>, store: Store = new MemoryStore()) {
    const { clock } = this;
    this.store = store;
    this.#executors = Object.entries(bodies).map(([type, run]) =>
      functionExecutor({ type, run, clock }),
    );
    this.flows = new Flows({ store, executors: this.#executors, clock });
    this.runner = this.another();
  }

  /** A further runner of the same functions on the same store. */
  another(): Runner {
    const { store, logs, clock } = this;
    return new Runner({ store, logs, clock, executors: this.#executors, random: () => 0 });
  }

  /** Submits a flow of one task for each type and starts the runner; the ids of the tasks are their types. */
  async start(types: readonly string[] = ['main'], fields: JsonObject = {}): Promise<string> {
    const tasks = types.map((type) => ({ id: type, executor: type, retries: 0, ...fields }));
    const { flow } = await this.flows.submit({ tasks }, '');
    await this.runner.start();
    return flow.id;
  }

  async task(flowId: string, taskId = 'main'): Promise<FlowTask> {
    return await this.flows.getTask(flowId, taskId, '');
  }

  async isIn(flowId: string, state: FlowTask['state'], taskId = 'main'): Promise<FlowTask> {
    await until(async () => (await this.task(flowId, taskId)).state === state);
    return await this.task(flowId, taskId);
  }

  async ended(flowId: string): Promise<Flow> {
    await until(async () => (await this.flows.get(flowId, '')).state !== 'running');
    return await this.flows.get(flowId, '');
  }

  /** The output of a flow that is to succeed. */
  async output(flowId: string, taskId = 'main'): Promise<JsonValue> {
    await this.isIn(flowId, 'succeeded', taskId);
    return await this.flows.readOutput(flowId, taskId, '');
  }

  async answer(flowId: string, answers: Readonly<Record<string, JsonValue>>) {
    return await this.flows.answerInputs(flowId, '', answers);
  }

  /** The addresses of what a flow asks for. */
  async asks(flowId: string): Promise<readonly string[]> {
    return (await this.flows.listInputs(flowId, '')).map(({ address }) => address);
  }
}
