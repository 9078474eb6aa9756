import { describe, expect, it } from 'vitest';
import { httpExecutor } from '../../src/index.ts';
import { TestAttempt } from '../attempt.ts';
import { LocalServer, type Received } from './local-server.ts';
import { failureOf, outputOf, runHttp } from './run-http.ts';

/** Redirects `/` to `location`, and answers everything else with what it was asked. */
function redirecting(status: number, location: string) {
  return LocalServer.start(({ method, url, headers, body }, response) => {
    if (url === '/') response.writeHead(status, { location }).end('moved');
    else response.setHeader('content-type', 'application/json');
    if (url !== '/') response.end(JSON.stringify({ method, url, headers, body }));
  });
}

function echoed(outcome: Parameters<typeof outputOf>[0]): Received {
  return outputOf(outcome).body as unknown as Received;
}

describe('a redirect', () => {
  it.each([
    [301, 'GET', 'GET', ''],
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [302, 'PUT', 'PUT', 'data'],
    [303, 'PUT', 'GET', ''],
    [303, 'HEAD', 'HEAD', ''],
    [307, 'POST', 'POST', 'data'],
    [308, 'PATCH', 'PATCH', 'data'],
  ])('%i of %s is followed by %s with "%s"', async (status, method, next, body) => {
    const server = await redirecting(status, '/next?x=1');
    const outcome = await runHttp(
      { url: server.origin, method },
      method === 'GET' || method === 'HEAD' ? null : 'data',
    );
    expect(outcome.kind).toBe('succeeded');
    expect(server.received[1]).toMatchObject({ method: next, url: '/next?x=1', body });
    const { headers } = server.received[1] as Received;
    expect(headers['content-type']).toBe(body === '' ? undefined : 'text/plain; charset=utf-8');
  });

  it('after a form leads back to the same url', async () => {
    const server = await LocalServer.start(({ method }, response) => {
      if (method === 'POST') response.writeHead(303, { location: '/' }).end();
      else response.end('thanks');
    });
    expect(outputOf(await runHttp({ url: server.origin, body: 'x' })).body).toBe('thanks');
  });

  it('takes secrets along on the same origin, and only harmless headers to another', async () => {
    const headers = {
      Authorization: 'Bearer secret',
      Cookie: 'a=secret',
      'X-Api-Key': 'secret',
      Host: 'virtual',
      Accept: 'text/csv',
      'Content-Type': 'text/csv',
    };
    const other = await redirecting(307, '/unused');
    const near = await redirecting(307, '/next');
    const far = await redirecting(307, `${other.origin}/next`);
    const same = echoed(await runHttp({ url: near.origin, headers, body: 'x' }));
    expect(same.headers).toMatchObject({
      authorization: 'Bearer secret',
      'x-api-key': 'secret',
      host: 'virtual',
    });
    const elsewhere = echoed(await runHttp({ url: far.origin, headers, body: 'x' }));
    expect(JSON.stringify(elsewhere)).not.toContain('secret');
    expect(elsewhere.headers).toMatchObject({
      host: new URL(other.origin).host,
      accept: 'text/csv',
      'content-type': 'text/csv',
    });
  });

  it('does not take credentials from where it leads', async () => {
    const server = await redirecting(302, '/unused');
    const location = `${server.origin.replace('//', '//you:secret@')}/next`;
    const first = await redirecting(302, location);
    expect(echoed(await runHttp({ url: first.origin })).headers.authorization).toBeUndefined();
  });

  it('is followed five times, and then is the answer', async () => {
    const server = await LocalServer.start(({ url }, response) => {
      response.writeHead(302, { location: `/${Number(url.slice(1)) + 1}` }).end('moved');
    });
    const outcome = await runHttp({ url: `${server.origin}/0` });
    expect(server.received.map(({ url }) => url)).toEqual(['/0', '/1', '/2', '/3', '/4', '/5']);
    expect(failureOf(outcome)).toEqual({
      code: 'http_status',
      message: `GET ${server.origin}/5: 302 Found after 5 redirects, the most that are followed: moved`,
      retryable: false,
    });
    expect(outputOf(outcome)).toMatchObject({ status: 302, headers: { location: '/6' } });
  });

  it('in a loop ends as well', async () => {
    const server = await LocalServer.start((_, response) => {
      response.writeHead(301, { location: '/' }).end();
    });
    expect(failureOf(await runHttp({ url: server.origin })).retryable).toBe(false);
    expect(server.received).toHaveLength(6);
  });

  it('is followed as often as the option says', async () => {
    const server = await redirecting(302, '/next');
    const outcome = await httpExecutor({ maxRedirects: 0 }).run(
      new TestAttempt({ url: server.origin }),
    );
    expect(outputOf(outcome).status).toBe(302);
    expect(() => httpExecutor({ maxRedirects: 1.5 })).toThrow('maxRedirects is 1.5');
    expect(() => httpExecutor({ maxRedirects: -1 })).toThrow('give a whole number');
  });

  it.each([
    ['file:///etc/passwd', 'it redirects to file:, which is not spoken here'],
    ['http://[', 'it redirects to something that is no URL'],
  ])('to %s is the answer', async (location, why) => {
    const server = await redirecting(302, location);
    const failure = failureOf(await runHttp({ url: server.origin }));
    expect(failure.message).toContain(`302 Found, but ${why}`);
    expect(failure.retryable).toBe(false);
  });

  it('keeps its connection', async () => {
    const server = await redirecting(302, '/next');
    for (let count = 0; count < 5; count += 1) await runHttp({ url: server.origin });
    expect(server.received).toHaveLength(10);
    expect(server.connections).toBeLessThan(5);
  });

  it('with a body that never ends is followed all the same', async () => {
    const endless = await LocalServer.start(({ url }, response) => {
      if (url === '/next') return response.end('here');
      response.writeHead(302, { location: '/next' });
      const more = () => void response.write(Buffer.alloc(64 * 1024), (error) => error || more());
      return more();
    });
    expect(outputOf(await runHttp({ url: endless.origin })).body).toBe('here');
    await endless.connectionClosed();
  });

  it('is told in a line of its own', async () => {
    const server = await redirecting(302, '/next?key=secret');
    const attempt = new TestAttempt({ url: server.origin });
    await httpExecutor().run(attempt);
    const { origin } = server;
    expect(
      attempt
        .text('log')
        .replaceAll(/\d+ ms/g, 'N ms')
        .split('\n'),
    ).toEqual([
      `GET ${origin}/ -> 302 in N ms, to ${origin}/next?…`,
      expect.stringMatching(/ -> 200 in N ms, \d+ bytes$/),
      '',
    ]);
  });
});
