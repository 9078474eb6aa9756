import type { Owner } from '@tasked/core';
import type { TaskedHttp } from '../src/index.ts';

/** The generations of the protocol that have tasks. */
export const ERAS = ['2025-11-25', '2026-07-28'] as const;

export type Era = (typeof ERAS)[number];

const TASKS = 'io.modelcontextprotocol/tasks';

/** What came back for a request. */
export interface RawAnswer {
  /** Of HTTP. */
  readonly status: number;
  readonly body: string;
  /** The JSON-RPC message that answers the request; empty when there is none. */
  readonly message: RawMessage;
}

/** A message of JSON-RPC, read field by field. */
// biome-ignore lint/suspicious/noExplicitAny: tests read messages field by field
export type RawMessage = Readonly<Record<string, any>>;

/** How a request differs from a sound one of its era. */
export interface Oddity {
  /** Whose request it is; nobody's if omitted. */
  readonly owner?: Owner;
  /** What the client says that it can do, in 2026-07-28; tasks and forms if omitted. */
  readonly capabilities?: object;
  /** Over those that belong to the request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the request. */
  readonly body?: string;
}

const ENDPOINT = 'http://localhost/mcp';

const ABLE = { elicitation: { form: {} }, extensions: { [TASKS]: {} } };

/** Requests as a client of an era sends them over HTTP, whatever is in them; no SDK is between. */
export class RawClient {
  readonly #http: TaskedHttp;
  readonly #era: Era;

  constructor(http: TaskedHttp, era: Era) {
    this.#http = http;
    this.#era = era;
  }

  /** Sends a request and reads the answer to its end. */
  async ask(method: string, params: object = {}, odd: Oddity = {}): Promise<RawAnswer> {
    const response = await this.open(method, params, odd);
    const body = await response.text();
    const messages = messagesIn(body);
    const message = messages.find(({ id }) => id === 1) ?? messages[0] ?? {};
    return { status: response.status, body, message };
  }

  /** Sends a request, and leaves it to the caller to read the answer. */
  async open(
    method: string,
    params: object = {},
    { owner = '', capabilities = ABLE, headers, body }: Oddity = {},
  ): Promise<Response> {
    const isModern = this.#era === '2026-07-28';
    const message = { jsonrpc: '2.0', id: 1, method, params };
    const _meta = envelope(capabilities);
    const whole = isModern ? { ...message, params: { ...params, _meta } } : message;
    const named = isModern ? standardHeaders(method, params) : {};
    return await this.#post(body ?? JSON.stringify(whole), owner, { ...named, ...headers });
  }

  /** Sends an answer to a question; there is none to it but the status. */
  async answer(message: object, owner: Owner): Promise<number> {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    return (await this.#post(text, owner, {})).status;
  }

  async #post(body: string, owner: Owner, headers: object): Promise<Response> {
    const request = new Request(ENDPOINT, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': this.#era,
        ...headers,
      },
      body,
    });
    return await this.#http.fetch(request, owner);
  }
}

/** The messages of an answer, in whichever form it came. */
export function messagesIn(body: string): readonly RawMessage[] {
  const texts = body.startsWith('{')
    ? [body]
    : [...body.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => data ?? '');
  return texts.map((text) => JSON.parse(text) as RawMessage);
}

function envelope(capabilities: object) {
  return {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
}

function standardHeaders(method: string, params: object) {
  const { taskId, name = taskId } = params as {
    readonly taskId?: unknown;
    readonly name?: unknown;
  };
  return { 'mcp-method': method, ...(typeof name === 'string' ? { 'mcp-name': name } : {}) };
}
