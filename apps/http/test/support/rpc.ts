import { JSON_HEADERS, send } from './raw-request.ts';

/** The two generations of the protocol that have tasks. */
export const ERAS = ['2025-11-25', '2026-07-28'] as const;

export type Era = (typeof ERAS)[number];

const TASKS = 'io.modelcontextprotocol/tasks';

/** What a client of 2026-07-28 says of itself with every request. */
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { extensions: { [TASKS]: {} } },
};

/** Whom a request goes to, and how. */
export interface Caller {
  readonly url: string;
  readonly key: string;
  readonly era: Era;
}

/** Sends one request and returns the message that answers it. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
export async function rpc(caller: Caller, method: string, params: object): Promise<any> {
  const { url, key, era } = caller;
  const isModern = era === '2026-07-28';
  const whole = isModern ? { ...params, _meta: ENVELOPE } : params;
  const { taskId, name = taskId } = params as { readonly taskId?: string; readonly name?: string };
  const standard = { 'mcp-method': method, ...(name === undefined ? {} : { 'mcp-name': name }) };
  const { body } = await send(url, {
    headers: {
      ...JSON_HEADERS,
      authorization: `Bearer ${key}`,
      'mcp-protocol-version': era,
      ...(isModern ? standard : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: whole }),
  });
  const messages = body.startsWith('{')
    ? [body]
    : [...body.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => data ?? '');
  return messages.map((text) => JSON.parse(text)).find(({ id }) => id === 1);
}

/** Submits a flow as a task of the era and returns its id. */
export async function startTask(caller: Caller, flow: object): Promise<string> {
  const call = { name: 'tasked_submit_flow', arguments: flow };
  const asked = caller.era === '2025-11-25' ? { ...call, task: {} } : call;
  const { result } = await rpc(caller, 'tools/call', asked);
  return result.task?.taskId ?? result.taskId;
}
