import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { listen } from './listen.ts';
import { webApp } from './web-app.ts';

it('who hangs up amid a request is no error of ours', async () => {
  const told: string[] = [];
  const tell = (level: string) => () => void told.push(level);
  const app = webApp({
    mcp: { fetch: async (request) => new Response(await request.text()) },
    authenticate: async () => ({ principal: 'ann', scopes: [] }),
    allowedHosts: [],
    isHealthy: async () => true,
    version: '1.2.3',
    logger: { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') },
  });
  const server = await listen({ fetch: app.fetch, host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close(0));
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\ncut');
  socket.end();
  await vi.waitFor(() => expect(told).not.toEqual([]));
  expect(told).toEqual(['debug']);
});
