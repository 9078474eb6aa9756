import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTaskedHttp, refuseForeign, type TaskedHttp } from '../src/index.ts';
import { gate, ToolClient, Workbench } from './workbench.ts';

const URL_ = new URL('http://localhost/mcp');

function serve(bench: Workbench, more: { readonly maxBodyBytes?: number } = {}): TaskedHttp {
  const quiet = () => {};
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  return createTaskedHttp({
    flows: bench.flows,
    logs: bench.logs,
    logger,
    version: '1.2.3',
    ...more,
  });
}

/** A client of somebody, of an era, whose requests go straight to the handler. */
async function clientOf(http: TaskedHttp, owner: string, mode: 'legacy' | 'auto' = 'auto') {
  const transport = new StreamableHTTPClientTransport(URL_, {
    fetch: (url, init) => http.fetch(new Request(url, init), owner),
  });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  onTestFinished(() => client.close());
  await client.connect(transport);
  return new ToolClient(client);
}

describe.each(['legacy', 'auto'] as const)('over HTTP, mode %s', (mode) => {
  it('every request is answered as its owner, word for word as if there were no others', async () => {
    const http = serve(new Workbench());
    const [ann, bob] = [await clientOf(http, 'ann', mode), await clientOf(http, 'bob', mode)];
    const tasks = [{ id: 'a', executor: 'noop' }];
    const { flow_id } = await ann.call('tasked_submit_flow', { tasks });
    expect((await ann.call('tasked_list_flows')).count).toBe(1);
    expect((await bob.call('tasked_list_flows')).count).toBe(0);
    const unknown = 'f_AAAAAAAAAAAAAAAAAAAAAA';
    for (const [tool, args] of [
      ['tasked_flow_status', {}],
      ['tasked_task_output', { task_id: 'a' }],
      ['tasked_cancel_flow', {}],
      ['tasked_provide_input', { answers: { a: {} } }],
    ] as const) {
      const foreign = await bob.error(tool, { flow_id, ...args });
      const none = await bob.error(tool, { flow_id: unknown, ...args });
      expect(JSON.stringify(foreign).replaceAll(flow_id, unknown)).toBe(JSON.stringify(none));
    }
  });

  it('a held call answers at once when the server is about to stop', async () => {
    const { script } = gate();
    const bench = new Workbench({ a: script });
    const http = serve(bench);
    const client = await clientOf(http, '', mode);
    const flow_id = await bench.submit([{ id: 'a' }]);
    const calling = client.call('tasked_flow_status', { flow_id, wait_secs: 20 });
    http.release();
    expect((await calling).state).toBe('running');
  });
});

it('a body over the limit is answered with 413', async () => {
  const http = serve(new Workbench(), { maxBodyBytes: 1_000 });
  const headers = { 'content-type': 'application/json' };
  const request = new Request(URL_, { method: 'POST', headers, body: 'x'.repeat(1_001) });
  expect((await http.fetch(request, '')).status).toBe(413);
});

describe('refuseForeign', () => {
  const ask = (headers: Record<string, string>, hosts?: readonly string[]) =>
    refuseForeign(new Request(URL_, { headers }), hosts)?.status ?? null;

  it.each([
    { host: 'localhost:8765' },
    { host: '127.0.0.1' },
    { host: '[::1]:1' },
    { host: 'localhost', origin: 'http://localhost:3000' },
  ])('lets %o pass', (headers) => expect(ask(headers)).toBe(null));

  it.each([
    { host: 'evil.example' },
    { host: 'localhost.evil.example' },
    { host: 'localhost', origin: 'https://evil.example' },
    { host: 'localhost', origin: 'null' },
    {},
  ])('refuses %o', (headers) => expect(ask(headers)).toBe(403));

  it('lets hosts pass that the operator names', () => {
    const headers = { host: 'tasked.example:443', origin: 'https://tasked.example' };
    expect(ask(headers, ['Tasked.example'])).toBe(null);
    expect(ask(headers, ['other.example'])).toBe(403);
  });
});
