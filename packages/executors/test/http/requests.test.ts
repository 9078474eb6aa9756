import { describe, expect, it } from 'vitest';
import { httpExecutor } from '../../src/index.ts';
import { TestAttempt } from '../attempt.ts';
import { LocalServer } from './local-server.ts';
import { outputOf, runHttp } from './run-http.ts';

const answering = () => LocalServer.start((_, response) => response.end('ok'));

const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json';

describe('a request', () => {
  it.each([
    { what: 'GET without a body', config: {}, sent: ['GET', ''] },
    { what: 'POST with a body', config: { body: 'x' }, sent: ['POST', 'x', TEXT] },
    { what: 'POST with an input', input: { a: 'é' }, sent: ['POST', '{"a":"é"}', JSON_TYPE] },
    { what: 'the input', config: { method: 'PUT' }, input: 5, sent: ['PUT', '5', JSON_TYPE] },
    { what: 'no input with GET', config: { method: 'GET' }, input: 5, sent: ['GET', ''] },
    { what: 'the body first', config: { body: [1] }, input: 5, sent: ['POST', '[1]', JSON_TYPE] },
    { what: 'no null', config: { method: 'POST', body: null }, sent: ['POST', ''] },
    { what: 'the method in any case', config: { method: 'delete' }, sent: ['DELETE', ''] },
    {
      what: 'the content type that is given',
      config: { body: { a: 1 }, headers: { 'Content-Type': 'application/ld+json' } },
      sent: ['POST', '{"a":1}', 'application/ld+json'],
    },
  ])('sends $what', async ({ config = {}, input = null, sent: [method, body, type] }) => {
    const server = await answering();
    const outcome = await runHttp({ url: server.origin, ...config }, input);
    expect(outcome.kind).toBe('succeeded');
    expect(server.received).toMatchObject([{ method, body }]);
    expect(server.received[0]?.headers['content-type']).toBe(type);
  });

  it('sends every method that a config may name', async () => {
    const server = await answering();
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
    for (const method of methods) await runHttp({ url: server.origin, method });
    expect(server.received.map(({ method }) => method)).toEqual(methods);
  });

  it('sends path, query and headers as they are, and says who asks', async () => {
    const server = await answering();
    await runHttp({
      url: ` ${server.origin}/a%20b/ü?q=1&q=%26#part\n`,
      headers: { 'X-Token': 'Bearer abc\n', accept: 'text/csv' },
    });
    expect(server.received).toMatchObject([
      {
        url: '/a%20b/%C3%BC?q=1&q=%26',
        headers: {
          'x-token': 'Bearer abc',
          accept: 'text/csv',
          'user-agent': 'tasked',
          'accept-encoding': 'gzip, br, deflate',
        },
      },
    ]);
  });

  it('turns credentials in the url into a header, unless there is one', async () => {
    const server = await answering();
    const url = server.origin.replace('//', '//me%40home:p%3A%25@');
    await runHttp({ url });
    await runHttp({ url, headers: { Authorization: 'Bearer x' } });
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from('me@home:p:%').toString('base64')}`,
      'Bearer x',
    ]);
  });

  it('keeps no cookies', async () => {
    const server = await LocalServer.start((_, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end();
    });
    const outcome = await runHttp({ url: server.origin });
    await runHttp({ url: server.origin });
    expect(outputOf(outcome).headers['set-cookie']).toBe('a=1, b=2');
    expect(server.received[1]?.headers.cookie).toBeUndefined();
  });

  it('uses no proxy, whatever the environment says', async () => {
    const server = await answering();
    const proxy = await LocalServer.start((_, response) => response.end('proxied'));
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'ALL_PROXY'];
    const before = { ...process.env };
    for (const name of names) process.env[name] = proxy.origin;
    process.env.NODE_USE_ENV_PROXY = '1';
    try {
      const outcome = await httpExecutor().run(new TestAttempt({ url: server.origin }));
      expect(outputOf(outcome).body).toBe('ok');
    } finally {
      process.env = before;
    }
  });

  it('uses a connection again', async () => {
    const server = await answering();
    for (let count = 0; count < 5; count += 1) await runHttp({ url: server.origin });
    expect(server.connections).toBeLessThan(5);
  });

  it('runs many at once', async () => {
    const server = await LocalServer.start(({ url }, response) => response.end(url));
    const paths = Array.from({ length: 100 }, (_, index) => `/${index}`);
    const outcomes = await Promise.all(paths.map((path) => runHttp({ url: server.origin + path })));
    expect(outcomes.map((outcome) => outputOf(outcome).body)).toEqual(paths);
  });

  it('takes values of any type where references stood', async () => {
    const server = await answering();
    await runHttp({
      url: `${server.origin}/`,
      headers: { 'x-count': 5, 'x-list': [1, 'a'] },
      body: true,
    });
    expect(server.received).toMatchObject([
      { body: 'true', headers: { 'x-count': '5', 'x-list': '[1,"a"]' } },
    ]);
  });
});

describe('what turns out to be no request', () => {
  it.each([
    ['a url that is none', { url: 'later' }, 'the url is no absolute URL: "later"'],
    ['an empty url', { url: ' ' }, 'the url is empty'],
    ['a url of another protocol', { url: 'file:///etc/passwd' }, 'begins with file:'],
    ['a url that is an object', { url: { a: 1 } }, 'the url is no absolute URL'],
    ['a url of two lines', { url: 'http://a/b\nc' }, 'holds a line break'],
    [
      'secrets in a url that is none',
      { url: '//me:secret@a/b?key=secret' },
      'the url is no absolute URL: "//a/b?…"',
    ],
    [
      'a header in a header',
      { headers: { 'x-a': 'b\r\nx-evil: 1' } },
      'headers.x-a holds a line break, which would begin another header',
    ],
    ['a header in a header, by LF', { headers: { 'x-a': 'b\nx' } }, 'holds a line break'],
    ['a header in a header, by CR', { headers: { 'x-a': 'b\rx' } }, 'holds a line break'],
    ['NUL in a header', { headers: { 'x-a': 'b\0c' } }, 'headers.x-a holds a control character'],
    ['a header in Greek', { headers: { 'x-a': 'αβγ' } }, 'headers.x-a holds a character that no'],
  ])('fails clearly and for good: %s', async (_what, config, message) => {
    const server = await answering();
    expect(await runHttp({ url: server.origin, ...config })).toEqual({
      kind: 'failed',
      failure: {
        code: 'bad_request',
        message: expect.stringContaining(message),
        retryable: false,
      },
    });
    expect(server.received).toEqual([]);
  });
});
