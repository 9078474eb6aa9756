import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { onTestFinished } from 'vitest';
import { BIN } from './bin.ts';

/** The official client, connected to a server process of its own. */
export class Connection {
  readonly client: Client;
  readonly #transport: StdioClientTransport;

  constructor(client: Client, transport: StdioClientTransport) {
    this.client = client;
    this.#transport = transport;
  }

  get pid(): number {
    return this.#transport.pid ?? 0;
  }

  /** The answer of a call that must succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
  async call(name: string, args: object): Promise<any> {
    const { isError, text } = await this.#callTool(name, args);
    if (isError) throw new Error(`${name} failed: ${text}`);
    return JSON.parse(text) as unknown;
  }

  /** The error of a call that must fail. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read errors field by field
  async error(name: string, args: object): Promise<any> {
    const { isError, text } = await this.#callTool(name, args);
    if (!isError) throw new Error(`${name} did not fail: ${text}`);
    return (JSON.parse(text) as { error: unknown }).error;
  }

  /** Submits a flow and returns its id. */
  async submit(flow: object): Promise<string> {
    return ((await this.call('tasked_submit_flow', flow)) as { flow_id: string }).flow_id;
  }

  /** Waits until a flow has ended and returns its status. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
  async ended(flow_id: string): Promise<any> {
    for (;;) {
      const status = await this.call('tasked_flow_status', { flow_id, wait_secs: 20 });
      if (status.state !== 'running') return status;
    }
  }

  /** Every task of a flow with its state, also of one too long for one answer. */
  async states(flow_id: string): Promise<ReadonlyMap<string, string>> {
    const states = new Map<string, string>();
    let cursor: string | undefined;
    do {
      const more = cursor === undefined ? {} : { cursor };
      const page = await this.call('tasked_flow_status', { flow_id, ...more });
      for (const { id, state } of page.tasks) states.set(id, state);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return states;
  }

  /** Kills the server so that it notices nothing; resolves when it is gone. */
  async kill(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      this.client.onclose = () => resolve();
    });
    process.kill(this.pid, 'SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  async #callTool(name: string, args: object) {
    const result = await this.client.callTool({
      name,
      arguments: args as Record<string, unknown>,
    });
    const [content] = result.content;
    const text = content?.type === 'text' ? content.text : '';
    return { isError: result.isError === true, text };
  }
}

interface ConnectOptions {
  readonly client?: ClientOptions;
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** What a shell does before it becomes the server, such as setting a limit. */
  readonly before?: string;
}

function commandOf(words: readonly string[], { before }: ConnectOptions) {
  const [command = '', ...args] = words;
  if (before === undefined) return { command, args };
  return { command: 'sh', args: ['-c', `${before}; exec "$0" "$@"`, command, ...args] };
}

/** Starts a server with these arguments and connects to it; it is closed after the test. */
export async function connect(
  args: readonly string[],
  options: ConnectOptions = {},
): Promise<Connection> {
  const transport = new StdioClientTransport({
    ...commandOf([process.execPath, BIN, ...args], options),
    stderr: 'ignore',
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...getDefaultEnvironment(), ...options.env } }),
  });
  const client = new Client({ name: 'e2e', version: '1' }, options.client);
  onTestFinished(() => client.close());
  await client.connect(transport);
  await client.listTools();
  return new Connection(client, transport);
}
