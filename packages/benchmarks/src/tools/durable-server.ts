import { McpServer } from '@modelcontextprotocol/server';
import type { LogStore, Store } from '@tasked/core';
import { Flows, Runner, silentLogger } from '@tasked/dag-engine';
import { DurableTools, durableTool, mountDurableTools } from '@tasked/server';
import { z } from 'zod';
import { TOOL } from './calls.ts';

/** Calls that run at once; as many as are asked for at once. */
export const AT_ONCE = 50;

/** A durable tool that does nothing, and the engine that runs it in the same process. */
export class DurableServer {
  readonly #store: Store;
  readonly #runner: Runner;
  readonly #tools: DurableTools;

  private constructor(store: Store, logs: LogStore) {
    const tool = durableTool({
      name: TOOL,
      description: 'Does nothing.',
      inputSchema: z.object({}),
      queue: QUEUE,
      run: () => null,
    });
    const flows = new Flows({ store, executors: [] });
    this.#store = store;
    this.#runner = new Runner({ store, logs, executors: [tool.executor], slots: AT_ONCE });
    this.#tools = new DurableTools({
      tools: [tool],
      flows,
      logs,
      owner: '',
      logger: silentLogger,
    });
  }

  static async open(store: Store, logs: LogStore): Promise<DurableServer> {
    const defaults = { retries: 3, timeoutMs: 300_000 };
    await store.ensureQueue({ name: QUEUE, concurrency: null, defaults });
    const server = new DurableServer(store, logs);
    await server.#runner.start();
    return server;
  }

  /** The tool on a server of SDK 2.x, as its users mount it. */
  mounted(): McpServer {
    const server = new McpServer({ name: 'durable', version: '1' });
    mountDurableTools(server, this.#tools);
    return server;
  }

  async close(): Promise<void> {
    this.#tools.release();
    await this.#runner.stop({ graceMs: 0 });
    await this.#store.close();
  }
}

/** Nothing limits it but the slots. */
const QUEUE = 'unlimited';
