import { TaskedError } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import { type WebAppOptions, webApp } from './web-app.ts';

const quiet = () => {};

function ask(path: string, options: Partial<WebAppOptions> = {}): Promise<Response> {
  const app = webApp({
    mcp: { fetch: async (_request, owner, scopes) => Response.json({ owner, scopes }) },
    authenticate: async () => ({ principal: 'ann', scopes: ['a'] }),
    allowedHosts: [],
    isHealthy: async () => true,
    version: '1.2.3',
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    ...options,
  });
  return Promise.resolve(app.request(path, { method: 'GET', headers: { host: 'localhost' } }));
}

describe('/healthz', () => {
  it('is 503 while the store does not answer', async () => {
    const answer = await ask('/healthz', { isHealthy: async () => false });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ status: 'unavailable', version: '1.2.3' });
  });
});

describe('/mcp', () => {
  it('hands a request on with the owner that its principal is, and what that may do', async () => {
    expect(await (await ask('/mcp')).json()).toEqual({ owner: '["ann",null]', scopes: ['a'] });
  });

  it('lets nobody in while the keys cannot be read, and tells nothing of why', async () => {
    const authenticate = async () => {
      throw new TaskedError('unavailable', 'the disk of /srv/tasked is gone');
    };
    const answer = await ask('/mcp', { authenticate });
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('/srv');
  });

  it('tells nothing of what went wrong inside', async () => {
    const mcp = {
      fetch: async () => {
        throw new Error('secret');
      },
    };
    const answer = await ask('/mcp', { mcp });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
  });
});
