import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BIN } from '../support/bin.ts';
import { tempDir } from '../support/temp-dir.ts';
import { runDocumentedFlow, TOOLS } from './run-documented-flow.ts';

interface Reply {
  readonly id?: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
  readonly result?: any;
  readonly error?: { readonly message: string };
}

/** A client written to the page of Tasked's documentation: a `Content-Length` header before each message. */
class ContentLengthClient {
  readonly #server: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #received = Buffer.alloc(0);
  #lastId = 0;

  constructor(args: readonly string[]) {
    this.#server = spawn(process.execPath, [BIN, ...args]);
    this.#server.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    onTestFinished(() => {
      this.#server.kill('SIGKILL');
    });
  }

  notify(method: string): void {
    this.#write({ jsonrpc: '2.0', method });
  }

  async request(method: string, params: object = {}): Promise<Reply['result']> {
    const id = ++this.#lastId;
    const reply = await new Promise<Reply>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#write({ jsonrpc: '2.0', id, method, params });
    });
    if (reply.error !== undefined) throw new Error(reply.error.message);
    return reply.result;
  }

  /** Every byte on stdout is a framed message: nothing is left over. */
  get leftOver(): number {
    return this.#received.length;
  }

  #write(message: object): void {
    const body = Buffer.from(JSON.stringify(message));
    // In two pieces, as a pipe may deliver it.
    this.#server.stdin.write(`Content-Length: ${body.length}\r\n`);
    this.#server.stdin.write(Buffer.concat([Buffer.from('\r\n'), body]));
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n\r\n/.exec(this.#received.toString('latin1'));
      if (header === null) return;
      const end = header[0].length + Number(header[1]);
      if (this.#received.length < end) return;
      const reply = JSON.parse(this.#received.toString('utf8', header[0].length, end)) as Reply;
      this.#received = this.#received.subarray(end);
      this.#waiting.get(reply.id ?? 0)?.(reply);
    }
  }
}

const clientInfo = { name: 'written-by-hand', version: '1' };

describe('a client that frames by Content-Length', () => {
  it('runs a flow by the 2024 handshake of the documentation', async () => {
    const client = new ContentLengthClient(['mcp', '--data-dir', tempDir()]);
    const protocolVersion = '2024-11-05';
    const hello = await client.request('initialize', {
      protocolVersion,
      capabilities: {},
      clientInfo,
    });
    expect(hello).toMatchObject({ protocolVersion, serverInfo: { name: 'tasked' } });
    client.notify('notifications/initialized');
    const { tools } = await client.request('tools/list');
    expect(tools.map(({ name }: { name: string }) => name)).toEqual(TOOLS);
    await runDocumentedFlow(async (name, args) => {
      const { isError, content } = await client.request('tools/call', { name, arguments: args });
      expect(isError).not.toBe(true);
      return JSON.parse(content[0].text);
    });
    expect(client.leftOver).toBe(0);
  });

  it('runs a flow by the 2026 revision', async () => {
    const client = new ContentLengthClient(['mcp', '--data-dir', tempDir()]);
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': clientInfo,
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const discovered = await client.request('server/discover', { _meta });
    expect(discovered.supportedVersions).toContain('2026-07-28');
    await runDocumentedFlow(async (name, args) => {
      const result = await client.request('tools/call', { name, arguments: args, _meta });
      expect(result).toMatchObject({ resultType: 'complete' });
      return result.structuredContent;
    });
    expect(client.leftOver).toBe(0);
  });
});
