import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { httpExecutor } from '../../src/index.ts';
import { TestAttempt } from '../attempt.ts';
import { LocalServer } from './local-server.ts';
import { failureOf, outputOf, runHttp } from './run-http.ts';

/** Answers every request with these. */
function serving(body: string | Uint8Array, headers: Record<string, string | string[]> = {}) {
  return LocalServer.start((_, response) => response.writeHead(200, headers).end(body));
}

describe('a response', () => {
  it('is status, headers by their names in lower case, and body', async () => {
    const server = await serving('{"a":[1,null]}', {
      'Content-Type': 'application/json',
      'X-Many': ['1', '2'],
    });
    const outcome = await runHttp({ url: server.origin });
    expect(outcome).toMatchObject({
      kind: 'succeeded',
      output: {
        status: 200,
        headers: { 'content-type': 'application/json', 'x-many': '1, 2' },
        body: { a: [1, null] },
      },
    });
  });

  it.each([200, 201, 202, 203, 206, 299])('%i succeeds', async (status) => {
    const server = await LocalServer.start((_, response) => response.writeHead(status).end('x'));
    const outcome = await runHttp({ url: server.origin });
    expect(outcome.kind).toBe('succeeded');
    expect(outputOf(outcome)).toMatchObject({ status, body: 'x' });
  });

  it.each([
    ['204', 204, 'GET'],
    ['a HEAD request', 200, 'HEAD'],
  ])('has an empty body for %s, whatever its headers say', async (_what, status, method) => {
    const server = await LocalServer.start((_, response) => {
      response.writeHead(status, {
        'content-encoding': 'gzip',
        'content-type': 'application/json',
        ...(status === 200 && { 'content-length': '500' }),
      });
      response.end();
    });
    const outcome = await runHttp({ url: server.origin, method });
    expect(outcome.kind).toBe('succeeded');
    expect(outputOf(outcome).body).toBe('');
  });

  it('keeps bytes that are no text', async () => {
    const bytes = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);
    const server = await serving(bytes, { 'content-type': 'image/png' });
    const { body, body_encoding } = outputOf(await runHttp({ url: server.origin }));
    expect(body_encoding).toBe('base64');
    expect(Buffer.from(body as string, 'base64')).toEqual(Buffer.from(bytes));
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['gzip, br', (text: string) => brotliCompressSync(gzipSync(text))],
    ['GZIP, identity', gzipSync],
  ])('is decompressed: %s', async (encoding, compress) => {
    const body = compress(`{"text":"${'é'.repeat(10_000)}"}`);
    const server = await serving(body, {
      'content-type': 'application/json',
      'content-encoding': encoding,
      'content-length': String(body.length),
    });
    const output = outputOf(await runHttp({ url: server.origin }));
    expect(output.body).toEqual({ text: 'é'.repeat(10_000) });
    expect(output.headers).not.toHaveProperty('content-encoding');
    expect(output.headers).not.toHaveProperty('content-length');
  });

  it('stays as it is in an encoding that nobody knows', async () => {
    const server = await serving(Uint8Array.from([1, 2, 200]), {
      'content-type': 'text/plain',
      'content-encoding': 'zip',
    });
    expect(outputOf(await runHttp({ url: server.origin }))).toMatchObject({
      headers: { 'content-encoding': 'zip' },
      body: Buffer.from([1, 2, 200]).toString('base64'),
      body_encoding: 'base64',
    });
  });

  it('of nothing is nothing, compressed or not', async () => {
    const server = await serving('', { 'content-encoding': 'gzip', 'content-length': '0' });
    const outcome = await runHttp({ url: server.origin });
    expect(outcome.kind).toBe('succeeded');
    expect(outputOf(outcome).body).toBe('');
  });

  it('that is cut off while compressed is a failure to be tried again', async () => {
    const whole = gzipSync('x'.repeat(10_000));
    const server = await serving(whole.subarray(0, 20), { 'content-encoding': 'gzip' });
    expect(failureOf(await runHttp({ url: server.origin }))).toMatchObject({
      code: 'connection_failed',
      message: expect.stringContaining('unexpected end of file'),
      retryable: true,
    });
  });

  it('is told in one line of the log, without secrets', async () => {
    const server = await serving('x'.repeat(1_234));
    const url = `${server.origin.replace('//', '//me:secret@')}/path?key=secret`;
    const attempt = new TestAttempt({ url });
    await httpExecutor().run(attempt);
    expect(attempt.text('log')).toMatch(
      /^GET http:\/\/127\.0\.0\.1:\d+\/path\?… -> 200 in \d+ ms, 1,234 bytes\n$/,
    );
    expect(attempt.text('stdout')).toBe('');
  });
});

describe('a response that is a failure', () => {
  const answering = (status: number, headers: Record<string, string> = {}, body = '') =>
    LocalServer.start((_, response) => response.writeHead(status, headers).end(body));

  it.each([
    [400, false],
    [401, false],
    [404, false],
    [408, false],
    [418, false],
    [429, true],
    [500, true],
    [501, true],
    [503, true],
    [599, true],
    [304, false],
    [300, false],
  ])('%i: to be tried again: %s', async (status, retryable) => {
    const server = await answering(status);
    const outcome = await runHttp({ url: server.origin });
    expect(failureOf(outcome)).toMatchObject({ code: 'http_status', retryable });
    expect(outputOf(outcome).status).toBe(status);
  });

  it('says what was asked, what came of it and how it goes on, and keeps the whole', async () => {
    const body = `{\n  "error": "no such ${'x'.repeat(300)}"\n}`;
    const server = await answering(404, { 'content-type': 'application/problem+json' }, body);
    const url = `${server.origin.replace('//', '//me:secret@')}/a/b?key=secret`;
    const outcome = await runHttp({ url, method: 'DELETE' });
    expect(failureOf(outcome).message).toBe(
      `DELETE ${server.origin}/a/b?…: 404 Not Found: { "error": "no such ${'x'.repeat(180)}…`,
    );
    expect(outputOf(outcome)).toMatchObject({ status: 404, body: JSON.parse(body) });
  });

  it('with a body that is nested beyond measure is none the worse', async () => {
    const body = '['.repeat(200_000) + ']'.repeat(200_000);
    const server = await answering(404, { 'content-type': 'application/json' }, body);
    const failure = failureOf(await runHttp({ url: server.origin }));
    expect(failure).toMatchObject({ code: 'http_status', retryable: false });
  });

  it('says nothing of a body that is no text', async () => {
    const server = await LocalServer.start((_, response) => {
      response.writeHead(500, { 'content-type': 'image/gif' }).end(Uint8Array.from([0, 255]));
    });
    const { message } = failureOf(await runHttp({ url: server.origin }));
    expect(message).toBe(`GET ${server.origin}/: 500 Internal Server Error`);
  });

  it.each([
    ['seconds', 429, { 'retry-after': '120' }, 120_000],
    [
      'a date',
      503,
      { 'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' },
      30_000,
    ],
    ['what nobody understands', 503, { 'retry-after': 'soon' }, undefined],
    ['nothing', 500, {}, undefined],
    ['seconds with what is not tried again', 404, { 'retry-after': '120' }, undefined],
  ])('asks to be left alone for %s', async (_what, status, headers, retryAfterMs) => {
    const server = await LocalServer.start((_, response) => {
      response.sendDate = false;
      response.writeHead(status, headers as Record<string, string>).end();
    });
    const outcome = await runHttp({ url: server.origin });
    expect(outcome.kind === 'failed' ? outcome.retryAfterMs : null).toBe(retryAfterMs);
  });
});
