import { createBrotliCompress, createGzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { deadOrigin, LocalServer, startRaw } from './local-server.ts';
import { failureOf, outputOf, runHttp } from './run-http.ts';

const MIB = 1024 * 1024;

describe('a connection', () => {
  it('that is refused is a failure to be tried again', async () => {
    const origin = await deadOrigin();
    expect(await runHttp({ url: `${origin}/x` })).toEqual({
      kind: 'failed',
      failure: {
        code: 'connection_failed',
        message: `GET ${origin}/x: connect ECONNREFUSED ${new URL(origin).host}`,
        retryable: true,
      },
    });
  });

  it('to a host that does not exist is one, too', async () => {
    expect(failureOf(await runHttp({ url: 'http://nowhere.invalid/' }))).toMatchObject({
      message: expect.stringMatching(/getaddrinfo \w+ nowhere\.invalid/),
      retryable: true,
    });
  });

  it('that is refused by every address names them all', async () => {
    const { port } = new URL(await deadOrigin());
    const { message } = failureOf(await runHttp({ url: `http://localhost:${port}/` }));
    expect(message).toContain(`ECONNREFUSED 127.0.0.1:${port}`);
  });

  it.each([
    ['before an answer', '', null],
    ['in the headers', 'HTTP/1.1 200 OK\r\nContent-Le', null],
    ['in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', 200],
    ['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf', 200],
  ])('that is reset %s is a failure to be tried again', async (_where, sent, status) => {
    const origin = await startRaw((socket) => {
      socket.once('data', () => {
        if (sent === '') socket.resetAndDestroy();
        else socket.write(sent, () => setImmediate(() => socket.resetAndDestroy()));
      });
    });
    const outcome = await runHttp({ url: origin });
    expect(failureOf(outcome)).toMatchObject({ code: 'connection_failed', retryable: true });
    if (status !== null) expect(outputOf(outcome)).toMatchObject({ status, body: null });
  });

  it('that is closed in the middle of the body never passes for a whole one', async () => {
    const origin = await startRaw((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
    });
    expect(failureOf(await runHttp({ url: origin }))).toMatchObject({ retryable: true });
  });

  it.each([
    ['something else than HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['headers without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`],
  ])('that speaks %s is a failure', async (_what, sent) => {
    const origin = await startRaw((socket) => void socket.once('data', () => socket.write(sent)));
    expect(failureOf(await runHttp({ url: origin })).code).toBe('connection_failed');
  });

  it('that cannot be encrypted is a failure', async () => {
    const server = await LocalServer.start((_, response) => response.end());
    const outcome = await runHttp({ url: server.origin.replace('http:', 'https:') });
    expect(failureOf(outcome).code).toBe('connection_failed');
  });
});

describe('a body that is too large', () => {
  it('is a failure for good, and its connection is closed at once', async () => {
    let written = 0;
    const server = await LocalServer.start((_, response) => {
      const more = () => {
        written += 64 * 1024;
        response.write(Buffer.alloc(64 * 1024, 'x'), (error) => error || more());
      };
      more();
    });
    const outcome = await runHttp({ url: server.origin });
    await server.connectionClosed();
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'body_too_large',
        message: expect.stringMatching(/larger than 16 MiB; .*curl/),
        retryable: false,
      },
      output: { status: 200, body: null },
    });
    expect(written).toBeGreaterThan(16 * MIB);
    expect(written).toBeLessThan(32 * MIB);
  });

  it('of exactly the limit is not', async () => {
    const body = Buffer.alloc(16 * MIB, 'x');
    const server = await LocalServer.start(({ url }, response) => {
      response.end(url === '/more' ? Buffer.concat([body, Buffer.from('x')]) : body);
    });
    expect(outputOf(await runHttp({ url: server.origin })).body).toHaveLength(16 * MIB);
    expect(failureOf(await runHttp({ url: `${server.origin}/more` })).code).toBe('body_too_large');
  });

  it.each([
    ['gzip', createGzip],
    ['br', createBrotliCompress],
  ])('is so once it is decompressed: %s', async (encoding, compressor) => {
    const server = await LocalServer.start((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding });
      const bomb = compressor();
      bomb.pipe(response).on('close', () => bomb.destroy());
      const more = () => void bomb.write(Buffer.alloc(MIB), (error) => error || more());
      more();
    });
    const before = process.memoryUsage().rss;
    expect(failureOf(await runHttp({ url: server.origin })).code).toBe('body_too_large');
    await server.connectionClosed();
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB);
  });

  it('with a status that passes is tried again', async () => {
    const server = await LocalServer.start((_, response) => {
      response.writeHead(503).end(Buffer.alloc(17 * MIB));
    });
    expect(failureOf(await runHttp({ url: server.origin }))).toMatchObject({
      code: 'body_too_large',
      retryable: true,
    });
  });
});
