import { expect, it } from 'vitest';
import { httpExecutor } from '../../src/index.ts';
import { TestAttempt } from '../attempt.ts';
import { LocalServer } from './local-server.ts';
import { failureOf } from './run-http.ts';

it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]'])(
  'requests to %s are refused for good when the private network is not allowed',
  async (host) => {
    const server = await LocalServer.start((_, response) => response.end('secret'));
    const url = server.origin.replace('127.0.0.1', host);
    const attempt = new TestAttempt({ url });
    const executor = httpExecutor({ privateNetwork: 'refused' });
    const failure = failureOf(await executor.run(attempt));
    expect(failure).toMatchObject({ code: 'address_refused', retryable: false });
    expect(failure.message).toContain('has no public address');
    expect(server.received).toEqual([]);
  },
);
