import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Lookup, publicConnector } from './public-connector.ts';

// The only address that a test can reach stands for the public internet, the rest of loopback for what is private.
vi.mock('./public-address.ts', () => ({
  isPublicAddress: (address: string) => address === '127.0.0.1',
}));

/** A server on the "public" address; returns its port. */
async function publicServer(): Promise<number> {
  const server = createServer((_, response) => response.end('reached'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** Asks for a URL where every further look at a name gives the next of these answers. */
async function ask(url: string, ...answers: readonly (readonly string[])[]): Promise<string> {
  const rest = [...answers];
  const find: Lookup = (_host, _options, done) => {
    const addresses = (rest.shift() ?? []).map((address): LookupAddress => {
      return { address, family: address.includes(':') ? 6 : 4 };
    });
    done(null, addresses);
  };
  const agent = new Agent({ connect: publicConnector(find) });
  onTestFinished(() => agent.close());
  const { body } = await agent.request({ origin: new URL(url).origin, path: '/', method: 'GET' });
  return await body.text();
}

describe('publicConnector', () => {
  it('reaches public addresses, by number and by name', async () => {
    const port = await publicServer();
    expect(await ask(`http://127.0.0.1:${port}`)).toBe('reached');
    expect(await ask(`http://example.test:${port}`, ['127.0.0.1'])).toBe('reached');
  });

  it.each(['http://127.0.0.2', 'http://[::1]', 'http://[fe80::1]'])('refuses %s', async (url) => {
    await expect(ask(url)).rejects.toMatchObject({ name: 'AddressRefused' });
  });

  it('refuses a name that leads to none but private addresses', async () => {
    const asked = ask('http://inside.test', ['127.0.0.2', '::1']);
    await expect(asked).rejects.toThrow('inside.test has no public address');
  });

  it('leaves out the private addresses of a name that has others too', async () => {
    const port = await publicServer();
    expect(await ask(`http://both.test:${port}`, ['127.0.0.2', '127.0.0.1'])).toBe('reached');
  });

  it('goes where it looked: a name that changes its address between two looks gains nothing', async () => {
    const port = await publicServer();
    const answers = [['127.0.0.1'], ['127.0.0.2']] as const;
    expect(await ask(`http://rebound.test:${port}`, ...answers)).toBe('reached');
    const other = ask('http://rebound.test', ['127.0.0.2'], ['127.0.0.1']);
    await expect(other).rejects.toMatchObject({ name: 'AddressRefused' });
  });
});
