import { beforeEach, describe, expect, it } from 'vitest';
import { tempDir } from '../../stdio/test/support/temp-dir.ts';
import { JSON_HEADERS, ping, send } from './support/raw-request.ts';
import { TaskedHttp } from './support/tasked-http.ts';

let url: string;

beforeEach(async () => {
  ({ url } = await TaskedHttp.start(['--data-dir', tempDir()]));
});

describe('a request', () => {
  it('of this machine is answered, and one of a foreign page is not', async () => {
    const { port } = new URL(url);
    const asking = async (headers: Readonly<Record<string, string>>) =>
      (await send(url, { ...ping(), headers: { ...JSON_HEADERS, ...headers } })).status;
    expect(await asking({})).toBe(200);
    expect(await asking({ host: `localhost:${port}`, origin: 'http://localhost:3000' })).toBe(200);
    expect(await asking({ host: 'evil.example' })).toBe(403);
    expect(await asking({ host: `localhost.evil.example:${port}` })).toBe(403);
    expect(await asking({ origin: 'https://evil.example' })).toBe(403);
    expect(await asking({ origin: 'null' })).toBe(403);
  });

  it('that is none of the protocol gets the answer of HTTP to it, and the server goes on', async () => {
    const post = async (body: string, headers: Readonly<Record<string, string>> = JSON_HEADERS) => {
      const answer = await send(url, { headers, body });
      return [answer.status, JSON.parse(answer.body).error?.code];
    };
    const sound = ping().body ?? '';
    expect(await post('{"jsonrpc"')).toEqual([400, -32_700]);
    expect(await post('')).toEqual([400, -32_700]);
    expect(await post('42')).toEqual([400, expect.any(Number)]);
    expect(await post(sound, { ...JSON_HEADERS, 'content-type': 'text/plain' })).toEqual([
      415, -32_000,
    ]);
    expect(await post(sound, { 'content-type': 'application/json' })).toEqual([406, -32_000]);
    expect((await send(url, { method: 'GET', headers: JSON_HEADERS })).status).toBe(405);
    expect((await send(url, { method: 'DELETE', headers: JSON_HEADERS })).status).toBe(405);
    expect((await send(url, { ...ping(), method: 'PUT' })).status).toBe(405);
    expect((await send(new URL('/', url).href, ping())).status).toBe(404);
    expect((await send(url, ping())).status).toBe(200);
  });

  it('that is too large is refused unread, and the server goes on', async () => {
    const declared = { ...JSON_HEADERS, 'content-length': String(21 * 1024 * 1024) };
    expect((await send(url, { headers: declared, body: '{' })).status).toBe(413);
    const flood = send(url, { headers: JSON_HEADERS, body: ' '.repeat(21 * 1024 * 1024) });
    // Who goes on sending may find the connection closed before it reads the answer.
    const answered = await flood.then(
      ({ status }) => status,
      () => 413,
    );
    expect(answered).toBe(413);
    expect((await send(url, ping())).status).toBe(200);
  });
});

it('/healthz tells whoever watches, by whatever name, that the store answers, and the version', async () => {
  const watching = { method: 'GET', headers: { host: '10.1.2.3:8765' } };
  const { status, body } = await send(new URL('/healthz', url).href, watching);
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({ status: 'ok', version: expect.any(String) });
});
