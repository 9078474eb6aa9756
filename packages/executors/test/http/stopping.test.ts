import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { httpExecutor } from '../../src/index.ts';
import { TestAttempt } from '../attempt.ts';
import { LocalServer } from './local-server.ts';
import { failureOf, runHttp } from './run-http.ts';

const PROMPT_MS = 2_000;

/** A server that gives no answer to `/`, half of one to `/half`, redirects `/go` to `/`, and tells when asked. */
async function slowServer() {
  const asked = Promise.withResolvers<void>();
  const server = await LocalServer.start(({ url }, response) => {
    if (url === '/go') return response.writeHead(302, { location: '/' }).end();
    if (url === '/half') response.write('half');
    if (url === '/moving') response.writeHead(302, { location: '/' }).write('half');
    return asked.resolve();
  });
  return { server, asked: asked.promise };
}

describe('an attempt that has to stop', () => {
  it.each(['/', '/half', '/go', '/moving'])('stops at once while it waits for %s', async (path) => {
    const { server, asked } = await slowServer();
    const attempt = new TestAttempt({ url: server.origin + path });
    const run = httpExecutor().run(attempt);
    await asked;
    const stopped = performance.now();
    attempt.stop('cancelled');
    expect(failureOf(await run)).toMatchObject({ code: 'cancelled', retryable: true });
    expect(performance.now() - stopped).toBeLessThan(PROMPT_MS);
    await server.connectionClosed();
  });

  it('asks for nothing when it has to stop before it began', async () => {
    const server = await LocalServer.start((_, response) => response.end());
    const attempt = new TestAttempt({ url: server.origin });
    attempt.stop('shutdown');
    expect(failureOf(await httpExecutor().run(attempt)).code).toBe('shutdown');
    expect(server.connections).toBe(0);
  });

  it('stops at once while its connection is being made', async () => {
    const origin = await unacceptingOrigin();
    const attempt = new TestAttempt({ url: origin });
    const run = httpExecutor().run(attempt);
    setTimeout(() => attempt.stop('timeout'), 100);
    const started = performance.now();
    expect(failureOf(await run).code).toBe('timeout');
    expect(performance.now() - started).toBeLessThan(PROMPT_MS);
  });
});

describe('the time limit of a request', () => {
  it.each(['/', '/half', '/go'])('ends one that waits for %s', async (path) => {
    const { server } = await slowServer();
    const failure = failureOf(await runHttp({ url: server.origin + path, timeout_secs: 0.2 }));
    expect(failure).toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/no whole answer within 0\.2 s; timeout_secs/),
      retryable: true,
    });
    await server.connectionClosed();
  });

  it('holds for a body that trickles', async () => {
    const server = await LocalServer.start((_, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const failure = failureOf(await runHttp({ url: server.origin, timeout_secs: 0.3 }));
    expect(failure.message).toContain('200 OK, no whole answer within 0.3 s');
  });

  it('of 0 is none', async () => {
    const { server, asked } = await slowServer();
    const attempt = new TestAttempt({ url: server.origin, timeout_secs: 0 });
    const run = httpExecutor().run(attempt);
    await asked;
    attempt.stop('cancelled');
    expect(failureOf(await run).code).toBe('cancelled');
  });
});

it('idle connections keep no process alive', async () => {
  const server = await LocalServer.start((_, response) => response.end('bye'));
  const script = fileURLToPath(new URL('./one-request.ts', import.meta.url));
  const started = performance.now();
  const child = spawn(process.execPath, ['--conditions=@tasked/source', script, server.origin]);
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
  expect(server.received).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(4_000);
});

it('undici is loaded by the first request, not before', () => {
  const loaded = fileURLToPath(new URL('./loaded-modules.ts', import.meta.url));
  const args = ['--conditions=@tasked/source', loaded];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('false\n');
});

/** An origin whose queue of connections is full: a further one hangs in the making. */
async function unacceptingOrigin(): Promise<string> {
  const script = `const s = require('node:net').createServer();
    s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      process.stdout.write(String(s.address().port) + '\\n');
    });`;
  const child: ChildProcess = spawn(process.execPath, ['-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    child.kill('SIGKILL');
  });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const port = Number(line.toString());
  child.kill('SIGSTOP');
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    sockets.push(socket);
    const isMade = await Promise.race([
      once(socket, 'connect').then(() => true),
      sleep(300, false),
    ]);
    if (!isMade) return `http://127.0.0.1:${port}`;
  }
}
