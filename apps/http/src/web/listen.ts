import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { TaskedError } from '@tasked/core';
import { OpenAnswers } from './open-answers.ts';

/** How often connections are looked at whose time may be up. */
const CHECK_MS = 1_000;

/** What to listen with. */
export interface ListenOptions {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** How long a client may take to send a request whole; default 30 s. */
  readonly requestTimeoutMs?: number;
}

/** A server that listens. */
export interface Listening {
  /** Without a path. */
  readonly url: string;
  /** Takes nothing more, lets what was asked be answered for at most `drainMs`, and ends every connection. */
  close(drainMs: number): Promise<void>;
}

/** Listens. Throws `unavailable` when the port is taken, or is not for us. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { fetch, host, port, requestTimeoutMs = 30_000 } = options;
  const server = createAdaptorServer({
    fetch,
    serverOptions: {
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(requestTimeoutMs, 10_000),
      // Longer than reverse proxies keep theirs: they would send a request just as we hang up.
      keepAliveTimeout: 75_000,
      connectionsCheckingInterval: CHECK_MS,
    },
  }) as Server;
  const answers = new OpenAnswers(server);
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explain(error, host, port);
  }
  const { address, family, port: actual } = server.address() as AddressInfo;
  const shown = family === 'IPv6' ? `[${address}]` : address;
  return { url: `http://${shown}:${actual}`, close: (drainMs) => close(server, answers, drainMs) };
}

async function close(server: Server, answers: OpenAnswers, drainMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await answers.goneWithin(drainMs);
  server.closeAllConnections();
  await closed;
}

function explain(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const why = WHY[String(code)];
  if (why === undefined) return error;
  return new TaskedError('unavailable', `cannot listen on ${host}, port ${port}: ${why}`, {
    cause: error,
  });
}

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken; stop what listens there, or choose another with --port',
  EACCES: 'this user may not; choose a port above 1023 with --port',
  EADDRNOTAVAIL: 'this machine has no such address; choose another with --host',
  ENOTFOUND: 'there is no such host; choose another with --host',
  EAI_AGAIN: 'the name could not be looked up; give an address with --host',
};
