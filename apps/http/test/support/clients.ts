import {
  Client as Client2,
  StreamableHTTPClientTransport as Transport2,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';

/** What a test asks of a client, whichever it is. */
export interface AnyClient {
  listTools(): Promise<readonly string[]>;
  /** The result as the client gives it. */
  call(name: string, args: object, options?: CallOptions): Promise<ToolResult>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { readonly progress: number }) => void;
}

export interface ToolResult {
  readonly isError?: boolean | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
  readonly structuredContent?: any;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

type Connect = (url: string, key?: string) => Promise<AnyClient>;

const identity = { name: 'e2e', version: '1' };

const headersOf = (key: string | undefined) =>
  key === undefined ? {} : { requestInit: { headers: { authorization: `Bearer ${key}` } } };

/** The client of `@modelcontextprotocol/sdk` 1.x. */
export const connectSdk1: Connect = async (url, key) => {
  const client = new Client1(identity);
  onTestFinished(() => client.close());
  // Its own transport does not fit its interface where undefined counts as a value of its own.
  const transport = new Transport1(new URL(url), headersOf(key)) as Transport;
  await client.connect(transport);
  return {
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args, options) => {
      const params = { name, arguments: args as Record<string, unknown> };
      return (await client.callTool(params, CallToolResultSchema, options)) as ToolResult;
    },
  };
};

/** The client of `@modelcontextprotocol/client`, in one of its modes. */
const connectSdk2 =
  (mode: VersionNegotiationMode): Connect =>
  async (url, key) => {
    const client = new Client2(identity, { versionNegotiation: { mode } });
    onTestFinished(() => client.close());
    await client.connect(new Transport2(new URL(url), headersOf(key)));
    return {
      listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: async (name, args, options) => {
        const params = { name, arguments: args as Record<string, unknown> };
        return (await client.callTool(params, options)) as ToolResult;
      },
    };
  };

/** Every client that is tried, by its name. */
export const CLIENTS: readonly (readonly [string, Connect])[] = [
  ['sdk 1.x', connectSdk1],
  ['client 2.x, legacy era', connectSdk2('legacy')],
  ['client 2.x, modern era', connectSdk2({ pin: '2026-07-28' })],
];

/** The object of an answer that must be one. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
export function answerOf(result: ToolResult): any {
  if (result.isError === true) throw new Error(JSON.stringify(result.content));
  return result.structuredContent;
}

/** Calls a tool that must succeed. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
export async function ask(client: AnyClient, name: string, args: object): Promise<any> {
  return answerOf(await client.call(name, args));
}

/** Waits until a flow has ended and returns its status. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
export async function ended(client: AnyClient, flow_id: string): Promise<any> {
  for (;;) {
    const status = await ask(client, 'tasked_flow_status', { flow_id, wait_secs: 20 });
    if (status.state !== 'running') return status;
  }
}
