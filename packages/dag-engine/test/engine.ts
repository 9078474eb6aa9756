import { setImmediate as turn } from 'node:timers/promises';
import type { AttemptContext, Executor, Flow, FlowTask, Outcome, Store } from '@tasked/core';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { FakeClock } from '@tasked/store-testkit';
import { Flows } from '../src/flows.ts';
import { Runner, type RunnerOptions } from '../src/runner.ts';

/** Runs whatever a test says, by task id. */
export class ScriptedExecutor implements Executor {
  readonly type = 'script';
  readonly runs: AttemptContext[] = [];
  readonly reclaimed: string[] = [];
  readonly #scripts: Readonly<Record<string, Script>>;

  constructor(scripts: Readonly<Record<string, Script>> = {}) {
    this.#scripts = scripts;
  }

  check() {
    return [];
  }

  async run(context: AttemptContext): Promise<Outcome> {
    this.runs.push(context);
    const script = this.#scripts[context.ref.taskId];
    return script === undefined
      ? { kind: 'succeeded', output: context.input }
      : await script(context);
  }

  async reclaim(lost: { readonly ref: { readonly taskId: string; readonly fence: number } }) {
    this.reclaimed.push(`${lost.ref.taskId}/${lost.ref.fence}`);
  }

  /** How often a task was run. */
  count(taskId: string): number {
    return this.runs.filter((run) => run.ref.taskId === taskId).length;
  }
}

/** What a task does when it runs. */
export type Script = (context: AttemptContext) => Promise<Outcome> | Outcome;

/** An engine on a memory store and a clock that only the test moves. */
export class Engine {
  readonly clock = new FakeClock();
  readonly store: Store;
  readonly logs = new MemoryLogStore();
  readonly executor: ScriptedExecutor;
  readonly flows: Flows;
  readonly runner: Runner;

  constructor(
    scripts: Readonly<Record<string, Script>> = {},
    options: Partial<RunnerOptions> & { readonly store?: Store } = {},
  ) {
    this.store = options.store ?? new MemoryStore();
    this.executor = new ScriptedExecutor(scripts);
    this.flows = new Flows({ store: this.store, executors: [this.executor], clock: this.clock });
    this.runner = this.another(options);
  }

  /** A further runner on the same store. */
  another(options: Partial<RunnerOptions> = {}): Runner {
    const { store, logs, clock, executor } = this;
    const random = () => 0;
    return new Runner({ store, logs, clock, executors: [executor], random, ...options });
  }

  async submit(spec: object): Promise<string> {
    return (await this.flows.submit(spec, '')).flow.id;
  }

  /** Submits, starts the runner and waits until the flow has ended, without any time passing. */
  async runToEnd(spec: object): Promise<Ended> {
    const flowId = await this.submit(spec);
    await this.runner.start();
    return await this.ended(flowId);
  }

  async ended(flowId: string): Promise<Ended> {
    await until(async () => (await this.flows.get(flowId, '')).state !== 'running');
    const flow = await this.flows.get(flowId, '');
    const tasks = await this.flows.listTasks({ flowId, limit: 10_000 }, '');
    const states = Object.fromEntries(tasks.map((task) => [task.id, task.state]));
    return { flow, tasks, states };
  }

  async task(flowId: string, taskId: string): Promise<FlowTask> {
    return await this.flows.getTask(flowId, taskId, '');
  }

  async isIn(flowId: string, taskId: string, state: FlowTask['state']): Promise<void> {
    await until(async () => (await this.task(flowId, taskId)).state === state);
  }
}

export interface Ended {
  readonly flow: Flow;
  readonly tasks: readonly FlowTask[];
  readonly states: Readonly<Record<string, FlowTask['state']>>;
}

/** Lets the event loop turn until `holds`; fails after many turns, however long they took. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let turns = 0; turns < 2_000; turns++) {
    if (await holds()) return;
    await turn();
  }
  throw new Error('it did not come about');
}

/** A task of the scripted executor. */
export function task(id: string, more: object = {}): object {
  return { id, executor: 'script', ...more };
}

/** Runs until it is told to stop, then fails as a killed process would. */
export const untilStopped: Script = ({ signal }) =>
  new Promise((resolve) => {
    const failure = { code: 'signal', message: 'killed', retryable: true };
    const stop = () => resolve({ kind: 'failed', failure });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });

/** Fails for the first `times` runs, then succeeds. */
export function failing(times: number, retryable = true): Script {
  let failed = 0;
  return () => {
    if (failed >= times) return { kind: 'succeeded', output: failed };
    failed += 1;
    return { kind: 'failed', failure: { code: 'boom', message: `no. ${failed}`, retryable } };
  };
}
