import { type Executor, TaskedError } from '@tasked/core';
import { checkHttpConfig } from './http-config.ts';
import { pinMethod, prepareRequest } from './prepare-request.ts';
import { limitOf } from './request-limit.ts';

/** How requests are made. */
export interface HttpOptions {
  /** How many redirects are followed, one after the other; 5. */
  readonly maxRedirects?: number;
  /**
   * `refused`: only public addresses are reached, redirects and changed names included; loopback, private,
   * link-local and metadata addresses are not. `allowed`, the default: whatever this machine can reach.
   */
  readonly privateNetwork?: 'allowed' | 'refused';
}

type PrivateNetwork = NonNullable<HttpOptions['privateNetwork']>;

/**
 * Makes HTTP requests: `url`, `method`, `headers`, `body`, `timeout_secs`; the task's input is the body when
 * there is none. 2xx succeeds with `{status, headers, body}`. 5xx, 429, timeouts and broken connections
 * are failures to be tried again, no sooner than `Retry-After` asks. It keeps no cookies and knows no
 * proxies. Throws `invalid_input` for options that make no sense.
 */
export function httpExecutor({
  maxRedirects = 5,
  privateNetwork = 'allowed',
}: HttpOptions = {}): Executor {
  if (!Number.isInteger(maxRedirects) || maxRedirects < 0) {
    const message = `maxRedirects is ${maxRedirects}; give a whole number, 0 or more`;
    throw new TaskedError('invalid_input', message);
  }
  const parts = lazyParts(privateNetwork);
  return {
    type: 'http',
    check: checkHttpConfig,
    pin: pinMethod,
    run: async (attempt) => {
      const prepared = prepareRequest(attempt);
      if (prepared.kind === 'failed') return prepared;
      const { agent, sendRequest } = await parts();
      const log = (line: string) => attempt.log('log', line);
      const limit = limitOf(attempt);
      try {
        return await sendRequest(prepared.request, { agent, maxRedirects, limit, log });
      } finally {
        limit.release();
      }
    },
  };
}

/**
 * One agent for all requests, and what sends them, loaded with the first: that takes longer and more memory
 * than a server has to start. Idle connections are closed after some seconds and keep no process alive.
 */
function lazyParts(privateNetwork: PrivateNetwork): () => ReturnType<typeof loadParts> {
  let parts: ReturnType<typeof loadParts> | undefined;
  return () => {
    parts ??= loadParts(privateNetwork);
    return parts;
  };
}

async function loadParts(privateNetwork: PrivateNetwork) {
  const { Agent } = await import('undici');
  const { sendRequest } = await import('./send-request.ts');
  if (privateNetwork === 'allowed') return { agent: new Agent(), sendRequest };
  const { publicConnector } = await import('./public-connector.ts');
  return { agent: new Agent({ connect: publicConnector() }), sendRequest };
}
