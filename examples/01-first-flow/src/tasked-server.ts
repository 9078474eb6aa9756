import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const PROGRAM = fileURLToPath(
  new URL('bin/tasked-stdio.js', import.meta.resolve('@tasked/stdio/package.json')),
);

/** A running Tasked server and the connection to it, made as any MCP client makes it. */
export class TaskedServer {
  readonly pid: number;
  readonly #client: Client;
  readonly #closed: Promise<void>;

  private constructor(client: Client, pid: number, closed: Promise<void>) {
    this.#client = client;
    this.pid = pid;
    this.#closed = closed;
  }

  /** Starts the server on a data directory and connects to it. */
  static async start(dataDir: string): Promise<TaskedServer> {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [PROGRAM, '--data-dir', dataDir],
      stderr: 'pipe',
    });
    let said = '';
    transport.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-2_000);
    });
    const client = new Client({ name: 'tasked-first-flow', version: '1.0.0' });
    const closed = new Promise<void>((resolve) => {
      client.onclose = resolve;
    });
    try {
      await client.connect(transport);
    } catch (cause) {
      throw new Error(`the server did not start: ${said}`, { cause });
    }
    return new TaskedServer(client, transport.pid as number, closed);
  }

  /** Calls a tool and returns its structured answer; throws with the tool's own words when it refuses. */
  async call<Answer>(tool: string, input: Record<string, unknown>): Promise<Answer> {
    const result = await this.#client.callTool({ name: tool, arguments: input });
    if (result.isError === true) throw new Error(`${tool}: ${JSON.stringify(result.content)}`);
    return result.structuredContent as Answer;
  }

  /** kill -9: the server has no chance to say or save anything. Resolves when it is dead. */
  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    await this.#closed;
  }

  /** Ends the server as a client does that goes away: by the end of its standard input. */
  async stop(): Promise<void> {
    await this.#client.close();
  }
}
