import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  CallToolResultSchema,
  CreateTaskResultSchema,
  ElicitRequestSchema,
  type ElicitResult,
} from '@modelcontextprotocol/sdk/types.js';
import { encodeOwner } from '@tasked/core';
import { Flows, Runner, silentLogger } from '@tasked/dag-engine';
import type { DurableTool } from '@tasked/server';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { onTestFinished } from 'vitest';
import { type DurableEngine, durableTool1x } from '../../src/index.ts';

const ANN = encodeOwner({ principal: 'ann' });

/** Durable tools in the memory of this process, and servers and clients of SDK 1.x for them. */
export class DurableBench {
  readonly store = new MemoryStore();
  readonly flows = new Flows({ store: this.store, executors: [] });
  readonly engine: DurableEngine;
  readonly #tools: readonly DurableTool[];

  constructor(tools: readonly DurableTool[], engine: Partial<DurableEngine> = {}) {
    const logs = new MemoryLogStore();
    const executors = tools.map(({ executor }) => executor);
    const runner = new Runner({ store: this.store, logs, executors });
    this.#tools = tools;
    this.engine = { flows: this.flows, logs, logger: silentLogger, owner: ANN, ...engine };
    onTestFinished(() => runner.stop({ graceMs: 0 }));
    void runner.start();
  }

  /** Adds the tools to a server. */
  mount<Any extends McpServer | Server>(server: Any): Any {
    for (const tool of this.#tools) durableTool1x(server, this.engine, tool);
    return server;
  }

  /** A client of a server with the tools, which has no others if omitted. */
  async client(
    server: McpServer | Server = this.mount(new McpServer({ name: 'bench', version: '1' })),
    answer?: AnswerForm,
  ): Promise<TaskClient> {
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.connect(far);
    const client = new TaskClient(answer);
    onTestFinished(() => client.client.close());
    await client.client.connect(near);
    await client.client.listTools();
    return client;
  }
}

/** How a person answers a form; `signal` aborts when it is withdrawn. */
export type AnswerForm = (message: string, signal: AbortSignal) => Promise<ElicitResult>;

/** The client of SDK 1.x; without an answer it has no forms. */
export class TaskClient {
  readonly client: Client;

  constructor(answer?: AnswerForm) {
    const capabilities = answer === undefined ? {} : { elicitation: { form: {} } };
    this.client = new Client({ name: 'test', version: '1' }, { capabilities });
    if (answer === undefined) return;
    this.client.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) =>
      answer(params.message, signal),
    );
  }

  get tasks() {
    return this.client.experimental.tasks;
  }

  /** Calls a tool as a task and tells its id. */
  async start(name: string, args: Record<string, unknown> = {}): Promise<string> {
    const params = { name, arguments: args, task: {} };
    const request = { method: 'tools/call', params } as const;
    return (await this.client.request(request, CreateTaskResultSchema)).task.taskId;
  }

  async result(taskId: string) {
    return await this.tasks.getTaskResult(taskId, CallToolResultSchema);
  }

  async call(name: string, args: Record<string, unknown> = {}) {
    const result = await this.client.callTool({ name, arguments: args });
    return result as { readonly [field: string]: unknown };
  }
}
