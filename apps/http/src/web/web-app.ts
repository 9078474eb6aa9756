import { encodeOwner, isTaskedError, type Logger } from '@tasked/core';
import { HTTP_STATUS, refuseForeign, type TaskedHttp } from '@tasked/server';
import { Hono } from 'hono';
import type { Authenticate } from '../authentication/authenticate.ts';
import { unauthorized } from './unauthorized.ts';

/** What the routes are made of. */
export interface WebAppOptions {
  readonly mcp: Pick<TaskedHttp, 'fetch'>;
  readonly authenticate: Authenticate;
  /** Names of this server beside localhost. */
  readonly allowedHosts: readonly string[];
  /** True when the store answers. */
  readonly isHealthy: () => Promise<boolean>;
  readonly version: string;
  readonly logger: Logger;
}

/** The routes: `/healthz` for whoever watches, `/mcp` for clients. */
export function webApp(options: WebAppOptions): Hono {
  const { mcp, authenticate, allowedHosts, isHealthy, version, logger } = options;
  const app = new Hono();
  // Whoever watches asks by address, and learns nothing that a page could use.
  app.get('/healthz', async (context) => {
    const healthy = await isHealthy();
    const status = healthy ? 'ok' : 'unavailable';
    return context.json({ status, version }, healthy ? 200 : 503, { 'cache-control': 'no-store' });
  });
  app.use(async (context, next) => refuseForeign(context.req.raw, allowedHosts) ?? (await next()));
  app.all('/mcp', async (context) => {
    const request = context.req.raw;
    const caller = await authenticate(request);
    if (caller === null) return unauthorized(request);
    return await mcp.fetch(request, encodeOwner(caller), caller.scopes);
  });
  app.notFound((context) => context.json(jsonRpcError('there is nothing here but /mcp'), 404));
  app.onError((error, context) => {
    // Clients may hang up amid a request as they like.
    const isOver = context.req.raw.signal.aborted;
    logger[isOver ? 'debug' : 'error']('a request failed', { path: context.req.path, error });
    const code = isTaskedError(error) ? error.code : 'internal';
    const isAway = code === 'unavailable';
    const message = isAway ? 'the server cannot answer now: try again' : 'something went wrong';
    return context.json(jsonRpcError(message), HTTP_STATUS[code]);
  });
  return app;
}

function jsonRpcError(message: string) {
  return { jsonrpc: '2.0', error: { code: -32_000, message }, id: null } as const;
}
