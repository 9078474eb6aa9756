import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request as a server got it. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (received: Received, response: ServerResponse) => void;

/** A server on 127.0.0.1, gone after the test. */
export class LocalServer {
  readonly origin: string;
  readonly received: Received[] = [];
  /** Sockets that were opened. */
  connections = 0;
  readonly #closed: Promise<unknown>;

  /** Answers every request. */
  static async start(answer: Answer): Promise<LocalServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return new LocalServer(server, answer);
  }

  private constructor(server: ReturnType<typeof createServer>, answer: Answer) {
    this.origin = originOf(server.address());
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const { method = '', url = '', headers } = request;
      void text(request).then((body) => {
        const received = { method, url, headers, body };
        this.received.push(received);
        answer(received, response);
      });
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed = promise;
    server.on('connection', (socket) => {
      this.connections += 1;
      socket.once('close', () => resolve());
    });
  }

  /** Resolves once a client has closed a connection, in whatever way. */
  async connectionClosed(): Promise<void> {
    await this.#closed;
  }
}

/** A server that speaks bytes, gone after the test; returns its origin. */
export async function startRaw(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return originOf(server.address());
}

/** An origin that nobody listens on. */
export async function deadOrigin(): Promise<string> {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = originOf(server.address());
  server.close();
  await once(server, 'close');
  return origin;
}

function originOf(address: string | AddressInfo | null): string {
  return `http://127.0.0.1:${(address as AddressInfo).port}`;
}
