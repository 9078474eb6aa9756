import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type Listening, listen } from './listen.ts';

async function started(
  fetch: (request: Request) => Response | Promise<Response>,
  requestTimeoutMs?: number,
): Promise<Listening> {
  const options = requestTimeoutMs === undefined ? {} : { requestTimeoutMs };
  const listening = await listen({ fetch, host: '127.0.0.1', port: 0, ...options });
  onTestFinished(() => listening.close(0).catch(() => {}));
  return listening;
}

async function connected(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

it('who does not get to the end of a request is hung up on', async () => {
  const { url } = await started(async (request) => new Response(await request.text()), 500);
  const socket = await connected(url);
  socket.write('POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nslow');
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString();
  });
  await once(socket, 'close');
  expect(answer).toMatch(/^(HTTP\/1.1 408|$)/);
});

it('closing lets answers out and waits no longer than for these', async () => {
  const asked = Promise.withResolvers<void>();
  const answering = Promise.withResolvers<Response>();
  const server = await started(() => {
    asked.resolve();
    return answering.promise;
  });
  await connected(server.url);
  const answer = fetch(server.url);
  await asked.promise;
  const closed = server.close(60_000);
  answering.resolve(new Response('answer'));
  expect(await (await answer).text()).toBe('answer');
  await closed;
  await expect(fetch(server.url)).rejects.toThrow();
});

it('closing ends what is not answered in time', async () => {
  const asked = Promise.withResolvers<void>();
  const server = await started(() => {
    asked.resolve();
    return new Promise<Response>(() => {});
  });
  const answer = fetch(server.url);
  await asked.promise;
  await Promise.all([expect(answer).rejects.toThrow(), server.close(10)]);
});
