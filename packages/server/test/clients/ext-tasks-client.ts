import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import {
  type ApplicationElicitResult,
  createApplicationInputHandler,
  createTaskSessionFromClient,
  resultFromTaskOutcome,
  type TaskEnabledSession,
} from '@modelcontextprotocol/ext-tasks/client';
import type { FixtureServer, Way } from './fixture-server.ts';
import { rawDispatchOn, type Sdk2Transport } from './raw-dispatch.ts';
import { type Message, recorded, type Said } from './recorded-transport.ts';

const VERSION = '2026-07-28';

const clientInfo = { name: 'ext-tasks', version: '1' };
const clientCapabilities = { elicitation: { form: {} } };

/** How a person answers a form. */
type AnswerForm = (params: Message) => ApplicationElicitResult;

/** The 2.x client, beside it the official client of the extension, and what was said. */
export class ExtTasksClient {
  readonly journal: Said[] = [];
  /** How forms are answered; set by each test. */
  answer: AnswerForm = () => ({ action: 'cancel' });
  readonly client = new Client(clientInfo, {
    versionNegotiation: { mode: { pin: VERSION } },
    capabilities: clientCapabilities,
  });
  readonly #inner: Sdk2Transport;
  #session: TaskEnabledSession | null = null;

  private constructor(inner: Sdk2Transport) {
    this.#inner = inner;
  }

  static async connect(way: Way, fixture: FixtureServer): Promise<ExtTasksClient> {
    const made = new ExtTasksClient(
      way === 'http'
        ? new StreamableHTTPClientTransport(await fixture.url())
        : new StdioClientTransport(fixture.command),
    );
    await made.#connect();
    return made;
  }

  get session(): TaskEnabledSession {
    if (this.#session === null) throw new Error('it is not connected');
    return this.#session;
  }

  /** The process behind stdio. */
  get pid(): number {
    return (this.#inner as StdioClientTransport).pid ?? 0;
  }

  /** Calls a tool, follows its task, and returns the first text of the result; throws what it failed with. */
  async run(name: string, args: Readonly<Record<string, string | number>> = {}): Promise<string> {
    const execution = await this.session.callTool(name, args);
    const { outcome } = await execution.settle();
    return textOf(resultFromTaskOutcome(outcome));
  }

  /** Calls a tool that becomes a task, leaves it alone, and tells its id. */
  async start(name: string, args: Readonly<Record<string, string | number>> = {}) {
    const { promise: unanswered } = Promise.withResolvers<never>();
    this.answer = () => unanswered as never;
    const execution = await this.session.callTool(name, args);
    if (execution.kind !== 'task') throw new Error(`${name} became no task`);
    const { taskId } = execution.handle;
    await execution.detach();
    return taskId;
  }

  async close(): Promise<void> {
    await this.#session?.close();
    await this.client.close();
  }

  async #connect(): Promise<void> {
    const transport = recorded(this.#inner, this.journal);
    await this.client.connect(transport);
    const unsupported = () => {
      throw new Error('nobody asks for it');
    };
    this.#session = createTaskSessionFromClient(this.client, {
      endpointId: 'fixture',
      rawDispatch: rawDispatchOn(transport),
      v2RequestFraming: { protocolVersion: VERSION, clientInfo, clientCapabilities },
      onInputRequest: createApplicationInputHandler({
        elicitation: ({ params }) => this.answer(params),
        sampling: unsupported,
        roots: unsupported,
      }),
    });
  }
}

/** The first text of a result. */
export function textOf(result: unknown): string {
  const { content } = result as { readonly content: readonly [{ readonly text?: string }] };
  return content[0].text ?? '';
}
