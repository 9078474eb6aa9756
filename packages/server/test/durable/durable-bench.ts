import { Client, type ClientOptions, InMemoryTransport } from '@modelcontextprotocol/client';
import type { Logger, Store } from '@tasked/core';
import { Flows, Runner, type RunnerOptions } from '@tasked/dag-engine';
import {
  createToolServer,
  type DurableTool,
  durableServerTools,
  FlowTasks,
  type ToolServerOptions,
  taskTools,
} from '@tasked/server';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { FakeClock } from '@tasked/store-testkit';
import { onTestFinished } from 'vitest';

/** A server of durable tools and the engine behind it, on a clock that only the test moves. */
export class DurableBench {
  readonly clock = new FakeClock();
  readonly store: Store;
  readonly logs = new MemoryLogStore();
  readonly flows: Flows;
  readonly runner: Runner;
  readonly logged: { readonly message: string; readonly fields: object | undefined }[] = [];
  readonly #tools: readonly DurableTool[];

  constructor(tools: readonly DurableTool[], store: Store = new MemoryStore()) {
    const { clock } = this;
    this.#tools = tools;
    this.store = store;
    this.flows = new Flows({ store, executors: [], clock });
    this.runner = this.another({ executors: tools.map(({ executor }) => executor) });
    onTestFinished(() => this.runner.stop({ graceMs: 0 }));
  }

  /** A further runner on the same store. */
  another(options: Pick<RunnerOptions, 'executors'>): Runner {
    const { store, logs, clock } = this;
    return new Runner({ store, logs, clock, random: () => 0, ...options });
  }

  /** A client, its server beside it. */
  async client(options: ServedTo = {}): Promise<Client> {
    const { flows, logs } = this;
    const logger = this.logger();
    const server = createToolServer({
      info: { name: 'bench', version: '1' },
      tools: [
        ...durableServerTools(this.#tools, { flows, logger }),
        ...taskTools({ flows, logs, logger }),
      ],
      tasks: { source: new FlowTasks({ flows, clock: this.clock }) },
      owner: '',
      logger,
      ...options.server,
    });
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.factory({ era: 'legacy', ...options.origin }).connect(far);
    const client = new Client({ name: 'test', version: '1' }, options.client);
    onTestFinished(() => client.close());
    await client.connect(near);
    // From now on it checks structured content against the schemas.
    await client.listTools();
    return client;
  }

  logger(): Logger {
    const log = (message: string, fields?: object) => void this.logged.push({ message, fields });
    return { debug: log, info: log, warn: log, error: log };
  }
}

interface ServedTo {
  readonly server?: Partial<ToolServerOptions>;
  readonly client?: ClientOptions;
  readonly origin?: Partial<Parameters<ReturnType<typeof createToolServer>['factory']>[0]>;
}
