import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import {
  createMcpHandler,
  type ListToolsResult,
  McpServer,
  Server,
} from '@modelcontextprotocol/server';
import {
  durableTool,
  mountDurableTools,
  mountTaskTools,
  type RequestOrigin,
  taskHandle,
} from '@tasked/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { until } from '../workbench.ts';
import { connected, DurableBench } from './durable-bench.ts';
import { type Era, rpcOf } from './rpc.ts';

const info = { name: 'theirs', version: '3' };

const confirm = durableTool({
  name: 'confirm',
  description: 'Asks.',
  inputSchema: z.object({ what: z.string() }),
  outputSchema: z.object({ sure: z.boolean() }),
  async run({ what }, ctx) {
    const { ok } = await ctx.requireInput({
      ok: { message: `${what}?`, requestedSchema: z.object({ sure: z.boolean() }) },
    });
    return { sure: ok.content?.sure === true };
  },
});

const double = durableTool({
  name: 'double',
  description: 'Doubles.',
  inputSchema: z.object({ n: z.number() }),
  taskSupport: 'optional',
  run: ({ n }) => String(n * 2),
});

/** A server with a tool of its own, `theirs`, and durable ones beside it. */
const SERVERS: Readonly<
  Record<string, (bench: DurableBench, origin?: RequestOrigin) => Server | McpServer>
> = {
  'an McpServer with tools': (bench, origin) => {
    const server = new McpServer(info);
    addTheirs(server);
    mountDurableTools(server, bench.durable, origin);
    return server;
  },
  'an McpServer whose tools come later': (bench, origin) => {
    const server = new McpServer(info);
    mountDurableTools(server, bench.durable, origin);
    addTheirs(server);
    return server;
  },
  'a Server': (bench, origin) => {
    const server = new Server(info, { capabilities: { tools: {} } });
    const tool = {
      name: 'theirs',
      description: 'Theirs.',
      inputSchema: { type: 'object' as const },
    };
    server.setRequestHandler('tools/list', (): ListToolsResult => ({ tools: [tool] }));
    server.setRequestHandler('tools/call', () => ({ content: [{ type: 'text', text: 'theirs' }] }));
    mountDurableTools(server, bench.durable, origin);
    return server;
  },
};

function addTheirs(server: McpServer): void {
  server.registerTool('theirs', { description: 'Theirs.' }, () => ({
    content: [{ type: 'text', text: 'theirs' }],
  }));
}

const OURS = [
  'confirm',
  'double',
  'tasked_flow_status',
  'tasked_task_output',
  'tasked_cancel_flow',
  'tasked_provide_input',
];

describe.each(Object.entries(SERVERS))('durable tools on %s', (_, serverOf) => {
  async function clientOf(bench: DurableBench): Promise<Client> {
    await bench.runner.start();
    return await connected((transport) => serverOf(bench).connect(transport));
  }

  it('stand beside its own, in tools/list and in tools/call', async () => {
    const bench = new DurableBench([confirm, double]);
    const client = await clientOf(bench);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['theirs', ...OURS]);
    expect(await client.callTool({ name: 'theirs' })).toMatchObject({
      content: [{ text: 'theirs' }],
    });
    const doubled = await client.callTool({ name: 'double', arguments: { n: 2 } });
    expect(doubled).toMatchObject({ content: [{ text: '4' }] });
  });

  it('become tasks of both eras, over HTTP', async () => {
    for (const era of ['2025-11-25', '2026-07-28'] satisfies Era[]) {
      const bench = new DurableBench([confirm, double]);
      await bench.runner.start();
      const handler = createMcpHandler((origin) => serverOf(bench, origin));
      const rpc = rpcOf(era, (request) => handler.fetch(request));
      const taskId = await rpc.start('double', { n: 4 });
      await bench.ended(taskId);
      expect(await rpc.result(taskId)).toMatchObject({ content: [{ text: '8' }] });
      const theirs = await rpc.call('tools/call', { name: 'theirs' });
      expect(theirs.result.content).toEqual([{ type: 'text', text: 'theirs' }]);
    }
  });

  it('ask a client of 2025-11-25 in the stream of its result, whichever request the answer comes in', async () => {
    const bench = new DurableBench([confirm, double]);
    await bench.runner.start();
    const handler = createMcpHandler((origin) => serverOf(bench, origin));
    const client = new Client(
      { name: 'asked', version: '1' },
      { versionNegotiation: { mode: 'legacy' }, capabilities: { elicitation: { form: {} } } },
    );
    client.setRequestHandler('elicitation/create', () => ({
      action: 'accept',
      content: { sure: true },
    }));
    onTestFinished(() => client.close());
    await client.connect(
      new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), {
        fetch: (url, init) => handler.fetch(new Request(url, init)),
      }),
    );
    const result = z.looseObject({});
    const params = { name: 'confirm', arguments: { what: 'Really' }, task: {} };
    const { task } = await client.request(
      { method: 'tools/call', params },
      z.looseObject({ task: z.looseObject({ taskId: z.string() }) }),
    );
    const { taskId } = task;
    const ended = await client.request({ method: 'tasks/result', params: { taskId } }, result);
    expect(ended).toMatchObject({ structuredContent: { sure: true } });
  });

  it('are cancelled by their clients, and not by the end of a connection', async () => {
    const bench = new DurableBench([confirm, double]);
    const client = await clientOf(bench);
    await client.callTool({ name: 'confirm', arguments: { what: 'Well' } });
    const flow_id = await bench.onlyCall();
    await client.close();
    expect((await bench.flows.get(flow_id, '')).state).toBe('running');
    const another = await clientOf(bench);
    await another.callTool({ name: 'tasked_cancel_flow', arguments: { flow_id } });
    expect((await bench.flows.get(flow_id, '')).state).toBe('cancelled');
  });
});

it('a server without tools of its own tells which ones there are', async () => {
  const bench = new DurableBench([double]);
  const client = await connected(async (transport) => {
    const server = new Server(info);
    mountDurableTools(server, bench.durable);
    await server.connect(transport);
  });
  await expect(client.callTool({ name: 'none' })).rejects.toThrow('there are double, tasked_');
});

it('mountTaskTools adds the tools that follow runs, for tools that answer with a handle', async () => {
  const bench = new DurableBench([double]);
  await bench.runner.start();
  const { flows, logs } = bench;
  const client = await connected(async (transport) => {
    const server = new McpServer(info);
    server.registerTool('begin', {}, async () => {
      const call = { executor: double.executor.type, input: { n: 5 } };
      const { flow } = await flows.submitCall(call, '');
      return taskHandle(flow.id, `begun: follow it with tasked_flow_status`) as never;
    });
    mountTaskTools(server, { flows, logs, owner: '', logger: bench.logger() });
    await server.connect(transport);
  });
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
    'begin',
    ...OURS.slice(2),
  ]);
  const begun = await client.callTool({ name: 'begin' });
  const { id: flow_id } = (begun._meta as { task: { id: string } }).task;
  await until(async () => {
    const { structuredContent } = await client.callTool({
      name: 'tasked_task_output',
      arguments: { flow_id },
    });
    return (structuredContent as { output: unknown }).output === '10';
  });
});
