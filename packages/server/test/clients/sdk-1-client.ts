import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolResultSchema,
  CreateTaskResultSchema,
  ElicitRequestSchema,
  type ElicitResult,
} from '@modelcontextprotocol/sdk/types.js';
import type { FixtureServer, Way } from './fixture-server.ts';
import { type Message, recorded, type Said } from './recorded-transport.ts';

/** How a person answers a form. */
export type AnswerForm = (params: Message) => ElicitResult | Promise<ElicitResult>;

/** The client of `@modelcontextprotocol/sdk` 1.x, and what was said. */
export class Sdk1Client {
  readonly journal: Said[] = [];
  /** How forms are answered; set by each test. */
  answer: AnswerForm = () => ({ action: 'cancel' });
  readonly client = new Client(
    { name: 'sdk-1', version: '1' },
    { capabilities: { elicitation: { form: {} } } },
  );
  readonly transport: Transport;
  readonly #inner: Transport;

  private constructor(transport: Transport) {
    this.#inner = transport;
    this.transport = recorded(transport, this.journal);
    this.client.setRequestHandler(ElicitRequestSchema, ({ params }) => this.answer(params));
  }

  static async connect(way: Way, fixture: FixtureServer): Promise<Sdk1Client> {
    const made = new Sdk1Client(
      way === 'http'
        ? // Its own transport does not fit its interface where undefined counts as a value of its own.
          (new StreamableHTTPClientTransport(await fixture.url()) as Transport)
        : new StdioClientTransport(fixture.command),
    );
    await made.client.connect(made.transport);
    await made.client.listTools();
    return made;
  }

  get tasks() {
    return this.client.experimental.tasks;
  }

  /** The process behind stdio. */
  get pid(): number {
    return (this.#inner as StdioClientTransport).pid ?? 0;
  }

  /** Calls a tool as a task and tells its id. */
  async start(name: string, args: object = {}): Promise<string> {
    const params = { name, arguments: args as Record<string, unknown>, task: { ttl: 60_000 } };
    const { task } = await this.client.request(
      { method: 'tools/call', params },
      CreateTaskResultSchema,
    );
    return task.taskId;
  }

  /** The first text of a task's result, once there is one. */
  async result(taskId: string): Promise<string> {
    const { content } = await this.tasks.getTaskResult(taskId, CallToolResultSchema);
    const [first] = content;
    return first?.type === 'text' ? first.text : '';
  }

  /** What the server asked so far of a task. */
  asked(taskId: string): readonly Message[] {
    return this.journal
      .map(({ message }) => message)
      .filter(({ method }) => method === 'elicitation/create')
      .filter(
        ({ params }) => params._meta['io.modelcontextprotocol/related-task'].taskId === taskId,
      );
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
