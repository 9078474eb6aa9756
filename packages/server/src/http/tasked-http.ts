import { createMcpHandler, type McpRequestContext } from '@modelcontextprotocol/server';
import type { Owner } from '@tasked/core';
import {
  createTaskedServer,
  type TaskedServerFactory,
  type TaskedServerOptions,
} from '../tasked-server.ts';

/** Room for the largest flow there may be, and for what is around it. */
const DEFAULT_MAX_BODY_BYTES = 20 * 1024 * 1024;

/** What to serve. */
export interface TaskedHttpOptions extends Omit<TaskedServerOptions, 'owner' | 'stopping'> {
  /** Larger requests are answered with 413 and not read any further; default 20 MiB. */
  readonly maxBodyBytes?: number;
}

/** An endpoint of the protocol over HTTP, for clients of both eras. It keeps nothing between two requests. */
export interface TaskedHttp {
  /**
   * Answers a request of `owner`, who sees and submits flows of their own only. Who that is, and whether the
   * request may be answered at all ({@link refuseForeign}), is for the caller to have found out.
   */
  fetch(request: Request, owner: Owner): Promise<Response>;
  /** Lets calls that are held answer at once, as the server is about to stop. */
  release(): void;
  /** Ends what is still open. */
  close(): Promise<void>;
}

/** Tasked over HTTP, as web-standard requests and responses. */
export function createTaskedHttp(options: TaskedHttpOptions): TaskedHttp {
  const { logger, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options;
  const stopping = new AbortController();
  const factories = new Map<Owner, TaskedServerFactory>();
  const factoryOf = (owner: Owner): TaskedServerFactory => {
    let factory = factories.get(owner);
    if (factory === undefined) {
      factory = createTaskedServer({ ...options, owner, stopping: stopping.signal });
      factories.set(owner, factory);
    }
    return factory;
  };
  const handler = createMcpHandler((context) => factoryOf(ownerOf(context))(context), {
    maxRequestBodySize: maxBodyBytes,
    onerror: (error) => logger.debug('a request could not be served', { error }),
  });
  return {
    fetch: (request, owner) => handler.fetch(request, { authInfo: authInfoOf(owner) }),
    release: () => stopping.abort(),
    close: () => handler.close(),
  };
}

/** The SDK hands this through to the factory, unread. */
function authInfoOf(owner: Owner) {
  return { token: '', clientId: owner, scopes: [] };
}

function ownerOf({ authInfo }: McpRequestContext): Owner {
  if (authInfo === undefined) throw new Error('a request came without its owner');
  return authInfo.clientId;
}
