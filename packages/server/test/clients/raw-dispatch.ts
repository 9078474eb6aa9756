import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { JsonRpcResponse, RawClientDispatch } from '@modelcontextprotocol/ext-tasks/client';
import type { Message } from './recorded-transport.ts';

/** The transports of the 2.x client. */
export type Sdk2Transport = StreamableHTTPClientTransport | StdioClientTransport;

/**
 * Requests past the 2.x client, on the transport that it is connected to: its codec refuses the messages of tasks, and
 * `ext-tasks` leaves it to the host to send them.
 */
export function rawDispatchOn(transport: Sdk2Transport): RawClientDispatch {
  const waiting = new Map<unknown, (response: JsonRpcResponse) => void>();
  const { onmessage } = transport;
  transport.onmessage = ((message: Message, ...more: []) => {
    const resolve = 'method' in message ? undefined : waiting.get(message.id);
    if (resolve === undefined) return onmessage?.(message as never, ...more);
    waiting.delete(message.id);
    if ('error' in message) resolve({ kind: 'error', error: message.error });
    else resolve({ kind: 'result', result: message.result });
  }) as NonNullable<Sdk2Transport['onmessage']>;
  // Only that of HTTP takes options.
  const send = transport.send.bind(transport) as (...sent: readonly object[]) => Promise<void>;
  let lastId = 0;
  return async (request) => {
    lastId += 1;
    const id = `raw-${lastId}`;
    const { promise, resolve } = Promise.withResolvers<JsonRpcResponse>();
    waiting.set(id, resolve);
    const message = { jsonrpc: '2.0', id, ...(request as Message) } as Message;
    await send(message, { headers: headersOf(message) });
    return await promise;
  };
}

/** What a request of 2026-07-28 says in headers over HTTP. */
function headersOf({ method, params }: Message): Readonly<Record<string, string>> {
  return {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    'mcp-name': params.taskId ?? params.name,
  };
}
