import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { onTestFinished } from 'vitest';
import { type AnswerForm, type DurableBench, TaskClient } from './durable-bench.ts';

/** A server for each session of a client, or for each request. */
export type HttpKind = 'with sessions' | 'without sessions';

type Authenticated = IncomingMessage & { auth?: AuthInfo };

/** What people may do, by the token that each sends. */
const SCOPES: Readonly<Record<string, readonly string[]>> = { ann: ['analysis:run'], bob: [] };

/** Durable tools over the Streamable HTTP transport of SDK 1.x, as its documentation has it. */
export class HttpBench {
  readonly #bench: DurableBench;
  readonly #kind: HttpKind;
  readonly #url: URL;
  readonly #sessions = new Map<string, StreamableHTTPServerTransport>();

  private constructor(bench: DurableBench, kind: HttpKind, url: URL) {
    this.#bench = bench;
    this.#kind = kind;
    this.#url = url;
  }

  static async serve(bench: DurableBench, kind: HttpKind): Promise<HttpBench> {
    const server = createServer((request, response) => void http.#handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const http = new HttpBench(bench, kind, new URL(`http://127.0.0.1:${port}/mcp`));
    return http;
  }

  /** A client of whoever has that token. */
  async client(token = 'ann', answer?: AnswerForm): Promise<TaskClient> {
    const client = new TaskClient(answer);
    onTestFinished(() => client.client.close());
    const headers = { authorization: `Bearer ${token}` };
    const transport = new StreamableHTTPClientTransport(this.#url, { requestInit: { headers } });
    // The SDK's own transport does not fit its interface where undefined counts as a value of its own.
    await client.client.connect(transport as Transport);
    await client.client.listTools();
    return client;
  }

  /** Forgets every session, as a new process has none. */
  async restart(): Promise<void> {
    const open = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const transport of open) await transport.close();
  }

  async #handle(request: Authenticated, response: ServerResponse): Promise<void> {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    request.auth = { token, clientId: token, scopes: [...(SCOPES[token] ?? [])] };
    const transport = await this.#transportOf(request, response);
    if (transport === undefined) response.writeHead(404).end();
    else await transport.handleRequest(request, response);
  }

  async #transportOf(request: IncomingMessage, response: ServerResponse) {
    const id = request.headers['mcp-session-id'];
    if (typeof id === 'string') return this.#sessions.get(id);
    const server = this.#bench.mount(new McpServer({ name: 'http', version: '1' }));
    const transport =
      this.#kind === 'with sessions' ? this.#newSession() : new StreamableHTTPServerTransport();
    if (this.#kind === 'without sessions') {
      response.on('close', () => void transport.close().then(() => server.close()));
    }
    await server.connect(transport as Transport);
    return transport;
  }

  #newSession(): StreamableHTTPServerTransport {
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void this.#sessions.set(id, transport),
    });
    return transport;
  }
}
