import {
  Client,
  type ClientOptions,
  InMemoryTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import type { Logger, Store, TaskId } from '@tasked/core';
import { Flows, Runner, type RunnerOptions } from '@tasked/dag-engine';
import {
  createToolServer,
  type DurableTool,
  DurableTools,
  type RequestOrigin,
  type ToolServerOptions,
} from '@tasked/server';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { FakeClock } from '@tasked/store-testkit';
import { onTestFinished } from 'vitest';
import { until } from '../workbench.ts';

/** A server of durable tools and the engine behind it, on a clock that only the test moves. */
export class DurableBench {
  readonly clock = new FakeClock();
  readonly store: Store;
  readonly logs = new MemoryLogStore();
  readonly flows: Flows;
  readonly runner: Runner;
  readonly durable: DurableTools;
  readonly logged: { readonly message: string; readonly fields: object | undefined }[] = [];

  constructor(tools: readonly DurableTool[], store: Store = new MemoryStore()) {
    const { clock, logs } = this;
    this.store = store;
    this.flows = new Flows({ store, executors: [], clock });
    this.runner = this.another({ executors: tools.map(({ executor }) => executor) });
    onTestFinished(() => this.runner.stop({ graceMs: 0 }));
    const logger = this.logger();
    this.durable = new DurableTools({ tools, flows: this.flows, logs, owner: '', logger });
  }

  /** A further runner on the same store. */
  another(options: Pick<RunnerOptions, 'executors'>): Runner {
    const { store, logs, clock } = this;
    return new Runner({ store, logs, clock, random: () => 0, ...options });
  }

  /** A client, its server beside it. */
  async client({ server, client, origin }: ServedTo = {}): Promise<Client> {
    const { durable } = this;
    const { factory, takeAnswer } = createToolServer({
      info: { name: 'bench', version: '1' },
      tools: durable.tools,
      tasks: durable.tasks,
      owner: durable.owner,
      logger: this.logger(),
      ...server,
    });
    return await connected(async (transport) => {
      await factory({ era: 'legacy', ...origin }).connect(transport);
      const sdk = transport.onmessage;
      transport.onmessage = (message, extra) => {
        void takeAnswer(message, '').then((taken) => {
          if (!taken) sdk?.(message, extra);
        });
      };
    }, client);
  }

  /** The only call there is, once it is there. */
  async onlyCall(): Promise<TaskId> {
    await until(async () => (await this.flows.list({ owner: '', limit: 2 })).length === 1);
    const [flow] = await this.flows.list({ owner: '', limit: 1 });
    return flow?.id ?? '';
  }

  async ended(taskId: TaskId): Promise<void> {
    await until(async () => (await this.flows.get(taskId, '')).state !== 'running');
  }

  async isIn(taskId: TaskId, state: string): Promise<void> {
    await until(async () => (await this.flows.getTask(taskId, 'call', '')).state === state);
  }

  logger(): Logger {
    const log = (message: string, fields?: object) => void this.logged.push({ message, fields });
    return { debug: log, info: log, warn: log, error: log };
  }
}

interface ServedTo {
  readonly server?: Partial<ToolServerOptions>;
  readonly client?: ClientOptions | undefined;
  readonly origin?: Partial<RequestOrigin>;
}

/** A client of a server that takes the other end. It checks structured content against the schemas of the tools. */
export async function connected(
  serve: (transport: Transport) => Promise<void>,
  options?: ClientOptions,
): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await serve(far);
  const client = new Client({ name: 'test', version: '1' }, options);
  onTestFinished(() => client.close());
  await client.connect(near);
  await client.listTools();
  return client;
}

/** The JSON of a result's only text. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
export function jsonIn(result: { readonly content: readonly unknown[] }): any {
  const [block] = result.content as readonly { readonly text?: string }[];
  return JSON.parse(block?.text ?? 'null');
}
