import { setImmediate as turn } from 'node:timers/promises';
import { Client, type ClientOptions, InMemoryTransport } from '@modelcontextprotocol/client';
import type { AttemptContext, Executor, Flow, FlowTask, Logger, Outcome } from '@tasked/core';
import { Flows, Runner } from '@tasked/dag-engine';
import { noopExecutor } from '@tasked/executors';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { FakeClock } from '@tasked/store-testkit';
import { createTaskedServer, type TaskedServerOptions } from '../src/tasked-server.ts';

/** What a task does when it runs. */
export type Script = (context: AttemptContext) => Promise<Outcome> | Outcome;

/** Tasked as its clients see it, on a memory store and a clock that only the test moves. */
export class Workbench {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore();
  readonly logs = new MemoryLogStore();
  readonly flows: Flows;
  readonly runner: Runner;
  /** Lines that the server logged. */
  readonly logged: { readonly message: string; readonly fields: object | undefined }[] = [];

  constructor(scripts: Readonly<Record<string, Script>> = {}) {
    const { clock, store, logs } = this;
    const executors = [scripted(scripts), noopExecutor()];
    this.flows = new Flows({ store, executors, clock });
    this.runner = new Runner({ store, logs, executors, clock, random: () => 0 });
  }

  /** A client that is connected to a server on this bench, and knows the schemas of its tools. */
  async client(options: WorkbenchClient = {}): Promise<ToolClient> {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const server = createTaskedServer({
      flows: this.flows,
      logs: this.logs,
      owner: '',
      logger: this.#logger(),
      version: '1.2.3',
      ...options.server,
    });
    options.stopping?.addEventListener('abort', () => server.release());
    await server.factory({ era: 'legacy' }).connect(far);
    const client = new Client({ name: 'test', version: '1' }, options.client);
    await client.connect(near);
    await client.listTools();
    return new ToolClient(client);
  }

  /** Submits a flow of scripted tasks and returns its id. */
  async submit(tasks: readonly object[], more: object = {}): Promise<string> {
    const spec = { tasks: tasks.map((task) => ({ executor: 'script', ...task })), ...more };
    return (await this.flows.submit(spec, '')).flow.id;
  }

  /** Submits, starts the runner and waits until the flow has ended; no time passes. */
  async run(tasks: readonly object[], more: object = {}): Promise<string> {
    const flowId = await this.submit(tasks, more);
    await this.runner.start();
    await until(async () => (await this.flow(flowId)).state !== 'running');
    return flowId;
  }

  flow(flowId: string): Promise<Flow> {
    return this.flows.get(flowId, '');
  }

  async isIn(flowId: string, taskId: string, state: FlowTask['state']): Promise<void> {
    await until(async () => (await this.flows.getTask(flowId, taskId, '')).state === state);
  }

  #logger(): Logger {
    const log = (message: string, fields?: object) => void this.logged.push({ message, fields });
    return { debug: log, info: log, warn: log, error: log };
  }
}

interface WorkbenchClient {
  readonly server?: Partial<TaskedServerOptions>;
  readonly client?: ClientOptions;
  /** Releases held calls. */
  readonly stopping?: AbortSignal;
}

/** Calls tools and reads their answers; the SDK's client checks each against the tool's output schema. */
export class ToolClient {
  readonly client: Client;

  constructor(client: Client) {
    this.client = client;
  }

  /** The answer of a call that must succeed; text and structured content MUST agree. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
  async call(name: string, args: object = {}, options: object = {}): Promise<any> {
    const result = await this.client.callTool(
      { name, arguments: args as Record<string, unknown> },
      options,
    );
    const text = textOf(result);
    if (result.isError === true) throw new Error(`${name} failed: ${text}`);
    const answer = JSON.parse(text) as object;
    if (JSON.stringify(result.structuredContent) !== text) {
      throw new Error('structuredContent and text differ');
    }
    if (Object.keys(answer).at(-1) !== 'next') throw new Error('next must be the last field');
    return answer;
  }

  /** The error of a call that must fail. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read errors field by field
  async error(name: string, args: object = {}): Promise<any> {
    const result = await this.client.callTool({ name, arguments: args as Record<string, unknown> });
    if (result.isError !== true) throw new Error(`${name} did not fail: ${textOf(result)}`);
    if ('structuredContent' in result) throw new Error('an error has no structured content');
    return (JSON.parse(textOf(result)) as { error: unknown }).error;
  }
}

function textOf(result: { readonly content: readonly unknown[] }): string {
  const [first] = result.content as readonly { readonly type: string; readonly text?: string }[];
  if (result.content.length !== 1 || first?.type !== 'text') throw new Error('one text, please');
  return first.text ?? '';
}

function scripted(scripts: Readonly<Record<string, Script>>): Executor {
  return {
    type: 'script',
    check: () => [],
    warn: async ({ timeoutMs }) =>
      timeoutMs === null ? [{ path: 'timeout_secs', message: 'there is no time limit' }] : [],
    run: async (context) => {
      const script = scripts[context.ref.taskId];
      return script === undefined
        ? { kind: 'succeeded', output: context.input }
        : await script(context);
    },
  };
}

/** Fails at once and for good. */
export const fails: Script = () => ({
  kind: 'failed',
  failure: { code: 'exit_code', message: 'the command ended with exit code 1', retryable: false },
});

/** Runs until it is told to stop. */
export const untilStopped: Script = ({ signal }) =>
  new Promise((resolve) => {
    const failure = { code: 'signal', message: 'killed', retryable: false };
    signal.addEventListener('abort', () => resolve({ kind: 'failed', failure }));
  });

/** A script that ends when the test opens the gate. */
export function gate(): { readonly script: Script; readonly open: () => void } {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const script: Script = async ({ input }) => {
    await opened;
    return { kind: 'succeeded', output: input };
  };
  return { script, open: () => open() };
}

/** Lets the event loop turn until `holds`; fails after many turns, however long they took. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let turns = 0; turns < 2_000; turns++) {
    if (await holds()) return;
    await turn();
  }
  throw new Error('it did not come about');
}
