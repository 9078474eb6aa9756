import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  CallToolRequestSchema,
  CallToolResultSchema,
  ErrorCode,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { TaskedError } from '@tasked/core';
import { durableTool } from '@tasked/server';
import { MemoryTaskStore } from '@tasked/store-memory';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTaskStore } from '../../src/index.ts';
import { until } from '../until.ts';
import { DurableBench } from './durable-bench.ts';

const double = durableTool({
  name: 'double',
  description: 'Doubles.',
  inputSchema: z.object({ n: z.number() }),
  outputSchema: z.object({ twice: z.number() }),
  run: ({ n }) => ({ twice: n * 2 }),
});

const confirm = durableTool({
  name: 'confirm',
  description: 'Asks.',
  inputSchema: z.object({}),
  async run(_args, ctx) {
    const { sure } = await ctx.requireInput({
      sure: { message: 'Sure?', requestedSchema: z.object({ yes: z.boolean() }) },
    });
    return `${sure.action} ${String(sure.content?.yes)}`;
  },
});

const info = { name: 'theirs', version: '1' };

const theirs = () => ({ content: [{ type: 'text' as const, text: 'theirs' }] });

/** Servers with a tool of their own, `theirs`, and durable ones beside it. */
const SERVERS: Readonly<Record<string, (bench: DurableBench) => McpServer | Server>> = {
  'an McpServer with tools': (bench) => {
    const server = new McpServer(info);
    server.registerTool('theirs', {}, theirs);
    return bench.mount(server);
  },
  'an McpServer whose tools come later': (bench) => {
    const server = bench.mount(new McpServer(info));
    server.registerTool('theirs', {}, theirs);
    return server;
  },
  'a Server': (bench) => {
    const server = new Server(info, { capabilities: { tools: {} } });
    const tool = { name: 'theirs', inputSchema: { type: 'object' as const } };
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [tool] }));
    server.setRequestHandler(CallToolRequestSchema, theirs);
    return bench.mount(server);
  },
};

describe.each(Object.entries(SERVERS))('durable tools on %s', (_name, serverOf) => {
  it('stand beside its own, called plainly and as tasks', async () => {
    const bench = new DurableBench([double, confirm]);
    const client = await bench.client(serverOf(bench));
    const { tools } = await client.client.listTools();
    expect(tools.map(({ name }) => name).toSorted()).toEqual([
      'confirm',
      'double',
      'tasked_cancel_flow',
      'tasked_flow_status',
      'tasked_provide_input',
      'tasked_task_output',
      'theirs',
    ]);
    expect(await client.call('theirs')).toMatchObject({ content: [{ text: 'theirs' }] });
    expect(await client.call('double', { n: 2 })).toMatchObject({
      structuredContent: { twice: 4 },
    });
    const taskId = await client.start('double', { n: 3 });
    const result = await client.result(taskId);
    expect(result).toMatchObject({
      structuredContent: { twice: 6 },
      _meta: { task: { id: taskId }, 'io.modelcontextprotocol/related-task': { taskId } },
    });
  });
});

describe('a call', () => {
  it('that cannot begin says why: as a result, or as an error where a task was wanted', async () => {
    const client = await new DurableBench([double]).client();
    const held = await client.call('double', { n: 'two' });
    expect(held).toMatchObject({ isError: true });
    expect(JSON.stringify(held.content)).toContain('invalid_input');
    await expect(client.start('double', { n: 'two' })).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
    });
  });

  it('that cannot begin because the store is away is no fault of its client', async () => {
    const bench = new DurableBench([double]);
    bench.flows.submitCall = async () => {
      throw new TaskedError('unavailable', 'ECONNREFUSED');
    };
    const client = await bench.client();
    await expect(client.start('double', { n: 2 })).rejects.toMatchObject({
      code: ErrorCode.InternalError,
    });
  });

  it('of a tool that there is not is told which ones there are', async () => {
    const bench = new DurableBench([double]);
    const client = await bench.client(bench.mount(new Server(info)));
    await expect(client.call('none')).rejects.toThrow('there are tasked_');
  });

  it('must be a task, or none, where the tool says so', async () => {
    const run = () => 'done';
    const options = { description: 'x', inputSchema: z.object({}), run };
    const client = await new DurableBench([
      durableTool({ ...options, name: 'only', taskSupport: 'required' }),
      durableTool({ ...options, name: 'never', taskSupport: 'forbidden' }),
    ]).client();
    const refused = { code: ErrorCode.MethodNotFound };
    const only = { method: 'tools/call', params: { name: 'only' } } as const;
    await expect(client.client.request(only, z.looseObject({}))).rejects.toMatchObject(refused);
    await expect(client.start('never')).rejects.toMatchObject(refused);
    expect(await client.call('never')).toMatchObject({ content: [{ text: 'done' }] });
  });

  it('without a task that asks is answered with the handle, and goes on by tasked_provide_input', async () => {
    const client = await new DurableBench([confirm]).client();
    const { structuredContent } = await client.call('confirm');
    const { task_id: flow_id, status } = structuredContent as Record<string, string>;
    expect(status).toBe('input_required');
    await client.call('tasked_provide_input', { flow_id, answers: { sure: { yes: true } } });
    expect(await client.result(String(flow_id))).toMatchObject({
      content: [{ text: 'accept true' }],
    });
  });

  it('belongs to whom the transport authenticated, as far as the scopes go', async () => {
    const limited = durableTool({
      name: 'limited',
      description: 'x',
      inputSchema: z.object({}),
      scope: 'analysis:run',
      run: () => 'done',
    });
    const bench = new DurableBench([limited], {
      owner: ({ authInfo }) => authInfo?.clientId ?? 'nobody',
    });
    const client = await bench.client();
    expect(await client.call('limited')).toMatchObject({ content: [{ text: 'done' }] });
    expect(await bench.flows.list({ owner: 'nobody', limit: 2 })).toHaveLength(1);
  });
});

describe('a task', () => {
  it('asks in the stream of its result, once however many wait, and the answer counts', async () => {
    const forms: string[] = [];
    const bench = new DurableBench([confirm]);
    const client = await bench.client(undefined, async (message) => {
      forms.push(message);
      return { action: 'accept', content: { yes: true } };
    });
    const taskId = await client.start('confirm');
    const results = await Promise.all([client.result(taskId), client.result(taskId)]);
    for (const result of results)
      expect(result).toMatchObject({ content: [{ text: 'accept true' }] });
    expect(forms).toEqual(['Sure?']);
  });

  it('withdraws its form when somebody else answers', async () => {
    const bench = new DurableBench([confirm]);
    const { promise: withdrawn, resolve } = Promise.withResolvers<void>();
    let shown = false;
    const server = bench.mount(new McpServer(info));
    const client = await bench.client(server, async (_message, signal) => {
      shown = true;
      await new Promise((gone) => signal.addEventListener('abort', gone, { once: true }));
      resolve();
      return { action: 'cancel' };
    });
    // The SDK's client takes the cancellation of request 0, a server's first, for none.
    await server.server.ping();
    const taskId = await client.start('confirm');
    const result = client.result(taskId);
    await until(async () => shown);
    const answers = { sure: { yes: false } };
    await client.call('tasked_provide_input', { flow_id: taskId, answers });
    await withdrawn;
    expect(await result).toMatchObject({ content: [{ text: 'accept false' }] });
  });

  it('is cancelled by its client, not by the end of a connection', async () => {
    const heard = Promise.withResolvers<number>();
    const begun = Promise.withResolvers<void>();
    const wait = durableTool({
      name: 'wait',
      description: 'Waits.',
      inputSchema: z.object({}),
      async run(_args, { signal }) {
        begun.resolve();
        await new Promise((gone) => signal.addEventListener('abort', gone, { once: true }));
        heard.resolve(Date.now());
        return null;
      },
    });
    const bench = new DurableBench([wait]);
    const first = await bench.client();
    const taskId = await first.start('wait');
    await begun.promise;
    await first.client.close();
    const client = await bench.client();
    expect(await client.tasks.getTask(taskId)).toMatchObject({ status: 'working' });
    const at = Date.now();
    expect(await client.tasks.cancelTask(taskId)).toMatchObject({ status: 'cancelled' });
    expect((await heard.promise) - at).toBeLessThan(1_000);
    await expect(client.result(taskId)).rejects.toThrow('cancelled');
    const again = client.tasks.cancelTask(taskId);
    await expect(again).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
  });

  it('stands beside those of the store of its server, in one list', async () => {
    const bench = new DurableBench([double]);
    const taskStore = createTaskStore(new MemoryTaskStore(), { principal: 'ann' });
    const server = new McpServer(info, { taskStore });
    const client = await bench.client(bench.mount(server));
    const request = { method: 'tools/call', params: { name: 'theirs' } };
    const own = await taskStore.createTask({}, 1, request);
    const ours = await client.start('double', { n: 1 });
    const { tasks } = await client.tasks.listTasks();
    expect(tasks.map(({ taskId }) => taskId)).toEqual([ours, own.taskId]);
    for (const { taskId } of tasks)
      expect(await client.tasks.getTask(taskId)).toMatchObject({ taskId });
    const unknown = client.tasks.getTask('t_none');
    await expect(unknown).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    await taskStore.close();
  });

  it('is found page by page', async () => {
    const bench = new DurableBench([double]);
    const client = await bench.client();
    const started = await Promise.all(
      Array.from({ length: 51 }, (_, n) => client.start('double', { n })),
    );
    const first = await client.tasks.listTasks();
    const second = await client.tasks.listTasks(first.nextCursor);
    const listed = [...first.tasks, ...second.tasks].map(({ taskId }) => taskId);
    expect(listed.toSorted()).toEqual(started.toSorted());
    await expect(client.tasks.listTasks('nonsense')).rejects.toThrow('begin without one');
  });
});

it('nobody in particular cannot list', async () => {
  const client = await new DurableBench([double], { owner: '' }).client();
  expect(client.client.getServerCapabilities()?.tasks).not.toHaveProperty('list');
});

it('what is no server of the SDK is refused', () => {
  const bench = new DurableBench([double]);
  expect(() => bench.mount({} as Server)).toThrow('no server of @modelcontextprotocol/sdk');
});

it('one client more than may wait is refused, over all servers on an engine', async () => {
  const gate = Promise.withResolvers<void>();
  const slow = durableTool({
    name: 'slow',
    description: 'Waits.',
    inputSchema: z.object({}),
    run: async () => await gate.promise.then(() => 'done'),
  });
  const bench = new DurableBench([slow], { maxHeldCalls: 1 });
  const [one, other] = [await bench.client(), await bench.client()];
  const taskId = await one.start('slow');
  const waiting = one.result(taskId);
  await until(async () => {
    const refused = await other.tasks.getTaskResult(taskId, CallToolResultSchema).then(
      () => null,
      (error: { readonly code: number; readonly message: string }) => error,
    );
    expect(refused).toMatchObject({ code: -32_602 });
    return refused?.message.includes('wait for an answer already') === true;
  });
  const held = await other.call('slow');
  expect(held).toMatchObject({ isError: true });
  expect(JSON.stringify(held.content)).toContain('limit_exceeded');
  expect(await bench.flows.list({ owner: bench.engine.owner as string, limit: 10 })).toHaveLength(
    1,
  );
  gate.resolve();
  expect((await waiting).content).toEqual([{ type: 'text', text: 'done' }]);
});
