import { type Executor, TaskedError } from '@tasked/core';
import type { Agent } from 'undici';
import { checkHttpConfig } from './http-config.ts';
import { pinMethod, prepareRequest } from './prepare-request.ts';
import { limitOf } from './request-limit.ts';
import { sendRequest } from './send-request.ts';

/** How requests are made. */
export interface HttpOptions {
  /** How many redirects are followed, one after the other; 5. */
  readonly maxRedirects?: number;
}

/**
 * Makes HTTP requests: `url`, `method`, `headers`, `body`, `timeout_secs`; the task's input is the body when
 * there is none. 2xx succeeds with `{status, headers, body}`. 5xx, 429, timeouts and broken connections
 * are failures to be tried again, no sooner than `Retry-After` asks. It keeps no cookies and knows no
 * proxies. Throws `invalid_input` for options that make no sense.
 */
export function httpExecutor({ maxRedirects = 5 }: HttpOptions = {}): Executor {
  if (!Number.isInteger(maxRedirects) || maxRedirects < 0) {
    const message = `maxRedirects is ${maxRedirects}; give a whole number, 0 or more`;
    throw new TaskedError('invalid_input', message);
  }
  const agent = lazyAgent();
  return {
    type: 'http',
    check: checkHttpConfig,
    pin: pinMethod,
    run: async (attempt) => {
      const prepared = prepareRequest(attempt);
      if (prepared.kind === 'failed') return prepared;
      return await sendRequest(prepared.request, {
        agent: await agent(),
        maxRedirects,
        limit: limitOf(attempt),
        log: (line) => attempt.log('log', line),
      });
    },
  };
}

/**
 * One agent for all requests, made at the first one: loading undici takes longer than a server may take to
 * start. Connections that are idle are closed after some seconds and keep no process alive.
 */
function lazyAgent(): () => Promise<Agent> {
  let agent: Promise<Agent> | undefined;
  return () => {
    agent ??= import('undici').then((undici) => new undici.Agent());
    return agent;
  };
}
