import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What is sent. */
export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request as it is given; unlike `fetch` it lets us say what host we mean. */
export async function send(url: string, options: RawRequest = {}): Promise<RawAnswer> {
  const { method = 'POST', headers = {}, body } = options;
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const outgoing = request(url, { method, headers, agent: false }, (response) => {
    const { statusCode: status = 0 } = response;
    text(response).then((whole) => {
      resolve({ status, headers: response.headers, body: whole });
    }, reject);
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return await promise;
}

/** What a client of MCP sends with every request. */
export const JSON_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

/** A request that everybody who may come in gets an answer to. */
export function ping(key?: string): RawRequest {
  const headers = {
    ...JSON_HEADERS,
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  return { headers, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }) };
}
