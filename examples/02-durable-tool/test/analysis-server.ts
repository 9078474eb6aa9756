import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Era, rpcOf } from '../../../packages/server/test/durable/rpc.ts';
import { FROM_SOURCE } from '../../../packages/server/test/from-source.ts';
import { until } from '../../../packages/server/test/until.ts';

const program = fileURLToPath(new URL('../src/server.ts', import.meta.url));

/** Where a server keeps its runs, and what it has. */
export interface Serving {
  readonly store: string;
  /** Names of tools; all if omitted. */
  readonly tools?: string;
  readonly port?: number;
}

/** The example's server in a process of its own, over HTTP. */
export class AnalysisServer {
  readonly #process: ChildProcess;
  readonly #serving: Serving;
  readonly #url: URL;

  private constructor(process: ChildProcess, serving: Serving, url: URL) {
    this.#process = process;
    this.#serving = serving;
    this.#url = url;
  }

  static async start(serving: Serving): Promise<AnalysisServer> {
    const { store, tools, port = 0 } = serving;
    const env = {
      ...process.env,
      STORE: store,
      PORT: String(port),
      ...(tools && { TOOLS: tools }),
    };
    const started = spawn(process.execPath, [...FROM_SOURCE, program], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    const url = new Promise<URL>((resolve, reject) => {
      started.stderr.on('data', (chunk: Buffer) => {
        said += chunk;
        const [found] = /http:\S+\/mcp/.exec(said) ?? [];
        if (found !== undefined) resolve(new URL(found));
      });
      started.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    });
    return new AnalysisServer(started, serving, await url);
  }

  /** Kills it, so that it notices nothing. */
  async kill(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }

  /** Another one in its place. */
  async again(): Promise<AnalysisServer> {
    return await AnalysisServer.start({ ...this.#serving, port: Number(this.#url.port) });
  }

  /** What a client of an era says to it; it goes away when `signal` aborts. */
  client(era: Era = '2025-11-25', token = 'token-of-ann', signal: AbortSignal | null = null) {
    return rpcOf(era, async (request) => {
      const headers = new Headers(request.headers);
      headers.set('authorization', `Bearer ${token}`);
      const body = await request.text();
      return await fetch(this.#url, { method: 'POST', signal, headers, body });
    });
  }

  /** The answer of one of its tools. */
  async tool(name: string, args: object) {
    const { result } = await this.client().call('tools/call', { name, arguments: args });
    if (result.isError) throw new Error(result.content[0].text);
    return result.structuredContent;
  }

  /** What a run has logged so far. */
  async log(flow_id: string): Promise<string> {
    const { output } = await this.tool('tasked_task_output', { flow_id, stream: 'log' });
    return String(output ?? '');
  }

  async logs(flowId: string, line: string): Promise<void> {
    await until(async () => (await this.log(flowId)).includes(line));
  }

  async isIn(flow_id: string, state: string): Promise<void> {
    await until(async () => {
      const { tasks } = await this.tool('tasked_flow_status', { flow_id });
      return tasks[0].state === state;
    }, 40_000);
  }
}
