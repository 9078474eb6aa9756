import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { durableTool } from '@tasked/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { until } from '../until.ts';
import { DurableBench } from './durable-bench.ts';
import { HttpBench, type HttpKind } from './http-bench.ts';

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

const analyze = durableTool({
  name: 'analyze',
  description: 'Analyzes.',
  inputSchema: z.object({}),
  scope: 'analysis:run',
  run: () => 'analyzed',
});

/** Goes on once it is told to, and says meanwhile how far it is. */
function gated() {
  const gate = Promise.withResolvers<void>();
  const tool = durableTool({
    name: 'slow',
    description: 'Waits.',
    inputSchema: z.object({}),
    async run(_args, ctx) {
      ctx.progress('half of it', 0.5);
      await gate.promise;
      return 'done';
    },
  });
  return { tool, open: gate.resolve };
}

const byToken = {
  owner: ({ authInfo }: { authInfo?: { clientId: string } }) => authInfo?.clientId ?? '',
};

const text = (said: string) => ({ content: [{ type: 'text', text: said }] });

describe.each<HttpKind>(['with sessions', 'without sessions'])('over HTTP %s', (kind) => {
  it('a call is answered plainly, or is a task', async () => {
    const http = await HttpBench.serve(new DurableBench([double], byToken), kind);
    const client = await http.client();
    expect(await client.call('double', { n: 2 })).toMatchObject({
      structuredContent: { twice: 4 },
    });
    const taskId = await client.start('double', { n: 3 });
    expect(await client.result(taskId)).toMatchObject({ structuredContent: { twice: 6 } });
    expect(await client.tasks.getTask(taskId)).toMatchObject({ taskId, status: 'completed' });
    const { tasks } = await client.tasks.listTasks();
    expect(tasks).toMatchObject([{ taskId }, { status: 'completed' }]);
  });

  it('a call that reports progress is held meanwhile, and told how far it is', async () => {
    const { tool, open } = gated();
    const http = await HttpBench.serve(new DurableBench([tool], byToken), kind);
    const client = await http.client();
    const told: (string | undefined)[] = [];
    const onprogress = ({ message }: { message?: string | undefined }) => {
      told.push(message);
      if (message === 'half of it') open();
    };
    const call = client.client.callTool({ name: 'slow', arguments: {} }, CallToolResultSchema, {
      onprogress,
    });
    expect(await call).toMatchObject(text('done'));
    expect(told).toContain('half of it');
  });

  it('tasks and scopes are those of whom the transport authenticated', async () => {
    const http = await HttpBench.serve(new DurableBench([double, analyze], byToken), kind);
    const [ann, bob] = [await http.client('ann'), await http.client('bob')];
    expect(await ann.call('analyze')).toMatchObject(text('analyzed'));
    const refused = await bob.call('analyze');
    expect(refused).toMatchObject({ isError: true });
    expect(JSON.stringify(refused.content)).toContain('analysis:run');
    const taskId = await ann.start('double', { n: 1 });
    await expect(bob.tasks.getTask(taskId)).rejects.toMatchObject({ code: -32_602 });
    await expect(bob.result(taskId)).rejects.toMatchObject({ code: -32_602 });
    expect((await bob.tasks.listTasks()).tasks).toEqual([]);
  });

  it('a task goes on when its client and its server are gone, under the same id', async () => {
    const { tool, open } = gated();
    const http = await HttpBench.serve(new DurableBench([tool], byToken), kind);
    const first = await http.client();
    const taskId = await first.start('slow');
    const broken = first.result(taskId).catch(() => 'gone');
    await http.restart();
    await first.client.close();
    expect(await broken).toBe('gone');
    const client = await http.client();
    expect(await client.tasks.getTask(taskId)).toMatchObject({ status: 'working' });
    const result = client.result(taskId);
    open();
    expect(await result).toMatchObject(text('done'));
  });

  it('what a task asks can be answered by tasked_provide_input, whoever waits for its result', async () => {
    const http = await HttpBench.serve(new DurableBench([confirm], byToken), kind);
    const client = await http.client();
    const taskId = await client.start('confirm');
    await until(async () => (await client.tasks.getTask(taskId)).status === 'input_required');
    const result = client.result(taskId);
    const answers = { sure: { yes: true } };
    await client.call('tasked_provide_input', { flow_id: taskId, answers });
    expect(await result).toMatchObject(text('accept true'));
  });

  it('a client that goes away holds no call any more', async () => {
    const { tool, open } = gated();
    const bench = new DurableBench([tool], { ...byToken, maxHeldCalls: 1 });
    const http = await HttpBench.serve(bench, kind);
    const [one, other] = [await http.client(), await http.client()];
    const taskId = await one.start('slow');
    const leaving = new AbortController();
    const left = one.tasks
      .getTaskResult(taskId, CallToolResultSchema, { signal: leaving.signal })
      .catch(() => 'left');
    const waits = () =>
      other
        .call('tasked_flow_status', { flow_id: taskId, wait_secs: 0.001 })
        .then(({ isError }) => isError !== true);
    await until(async () => !(await waits()));
    leaving.abort();
    expect(await left).toBe('left');
    if (kind === 'without sessions') await one.client.close();
    await until(waits);
    open();
    expect(await other.result(taskId)).toMatchObject(text('done'));
  });
});

it('over HTTP with sessions a task asks in the stream of its result', async () => {
  const http = await HttpBench.serve(new DurableBench([confirm], byToken), 'with sessions');
  const forms: string[] = [];
  const client = await http.client('ann', async (message) => {
    forms.push(message);
    return { action: 'accept', content: { yes: true } };
  });
  const taskId = await client.start('confirm');
  expect(await client.result(taskId)).toMatchObject(text('accept true'));
  expect(forms).toEqual(['Sure?']);
});

it('over HTTP each session is asked, a silent one hinders nobody, and the first answer counts', async () => {
  const http = await HttpBench.serve(new DurableBench([confirm], byToken), 'with sessions');
  const silent = Promise.withResolvers<void>();
  const gone = await http.client('ann', () => {
    silent.resolve();
    return new Promise(() => {});
  });
  const taskId = await gone.start('confirm');
  const left = gone.result(taskId).catch(() => 'gone');
  await silent.promise;
  await gone.client.close();
  expect(await left).toBe('gone');
  const client = await http.client('ann', async () => ({
    action: 'accept',
    content: { yes: true },
  }));
  expect(await client.result(taskId)).toMatchObject(text('accept true'));
});

it('over HTTP without sessions an answer in the stream goes to nobody, and the question stays open', async () => {
  const http = await HttpBench.serve(new DurableBench([confirm], byToken), 'without sessions');
  const asked = Promise.withResolvers<void>();
  const client = await http.client('ann', async () => {
    asked.resolve();
    return { action: 'accept', content: { yes: false } };
  });
  const taskId = await client.start('confirm');
  const result = client.result(taskId);
  await asked.promise;
  expect(await client.tasks.getTask(taskId)).toMatchObject({ status: 'input_required' });
  const answers = { sure: { yes: true } };
  await client.call('tasked_provide_input', { flow_id: taskId, answers });
  expect(await result).toMatchObject(text('accept true'));
});
