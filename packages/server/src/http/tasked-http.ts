import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Logger, Owner } from '@tasked/core';
import type { RequestOrigin, ToolServer } from '../server/create-tool-server.ts';
import { createTaskedServer, type TaskedServerOptions } from '../tasked-server.ts';
import { takeAnswer } from './take-answer.ts';

/** Room for the largest flow there may be, and for what is around it. */
const DEFAULT_MAX_BODY_BYTES = 20 * 1024 * 1024;

/** How to serve. */
export interface HttpOptions {
  /** Larger requests are answered with 413 and not read any further; default 20 MiB. */
  readonly maxBodyBytes?: number;
  readonly logger: Logger;
}

/** What to serve, and how. */
export interface TaskedHttpOptions extends Omit<TaskedServerOptions, 'owner'>, HttpOptions {}

/** An endpoint of the protocol over HTTP, for clients of both eras. It keeps nothing between two requests. */
export interface TaskedHttp {
  /**
   * Answers a request of `owner`, who sees and submits flows of their own only. Who that is, and whether the
   * request may be answered at all ({@link refuseForeign}), is for the caller to have found out; and so are the scopes
   * that durable tools ask for: none unless they are given, `ALL_SCOPES` for whoever may do everything.
   */
  fetch(request: Request, owner: Owner, scopes?: readonly string[]): Promise<Response>;
  /** Lets calls that are held answer at once, as the server is about to stop. */
  release(): void;
  /** Ends what is still open. */
  close(): Promise<void>;
}

/** Tasked over HTTP, as web-standard requests and responses. */
export function createTaskedHttp(options: TaskedHttpOptions): TaskedHttp {
  return serveToolsOverHttp(createTaskedServer({ ...options, owner: ownerOf }), options);
}

/** Any tools over HTTP; the server's `owner` MUST be {@link ownerOf}. */
export function serveToolsOverHttp(server: ToolServer, options: HttpOptions): TaskedHttp {
  const { logger, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options;
  const handler = createMcpHandler(server.factory, {
    maxRequestBodySize: maxBodyBytes,
    onerror: (error) => logger.debug('a request could not be served', { error }),
  });
  return {
    async fetch(request, owner, scopes = []) {
      const taken = await takeAnswer(request, owner, server);
      return taken ?? (await handler.fetch(request, { authInfo: authInfoOf(owner, scopes) }));
    },
    release: () => server.release(),
    close: () => handler.close(),
  };
}

/** Whose request it is, as `fetch` was told. */
export function ownerOf({ authInfo }: RequestOrigin): Owner {
  if (authInfo === undefined) throw new Error('a request came without its owner');
  return authInfo.clientId;
}

/** The SDK hands this through to the factory, unread. */
function authInfoOf(owner: Owner, scopes: readonly string[]) {
  return { token: '', clientId: owner, scopes: [...scopes] };
}
