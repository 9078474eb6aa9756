import { ProtocolError } from '@modelcontextprotocol/server';
import { createToolServer, durableTool, ownerOf, serveToolsOverHttp } from '@tasked/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DurableBench } from './durable-bench.ts';
import { gateFor } from './gate-for.ts';
import { type Era, rpcOf } from './rpc.ts';

const anything = { description: 'Does it.', inputSchema: z.object({}) };

/** A bench over HTTP, and how clients of an era speak to it. */
async function serving(bench: DurableBench, era: Era) {
  await bench.runner.start();
  const { tools, tasks, logger } = bench.durable;
  const info = { name: 'bench', version: '1' };
  const server = createToolServer({ info, tools, tasks, owner: ownerOf, logger });
  const http = serveToolsOverHttp(server, { logger });
  return rpcOf(era, (request) => http.fetch(request, ''));
}

const ERAS = ['2025-11-25', '2026-07-28'] as const;

describe.each(ERAS)('a durable tool as a task of %s', (era) => {
  const isModern = era === '2026-07-28';

  it('has the tool’s own result', async () => {
    const tool = durableTool({
      ...anything,
      name: 'it',
      outputSchema: z.object({ rows: z.number() }),
      run: () => ({ rows: 3 }),
    });
    const bench = new DurableBench([tool]);
    const rpc = await serving(bench, era);
    const taskId = await rpc.start('it');
    await bench.ended(taskId);
    expect(await rpc.status(taskId)).toMatchObject({ status: 'completed' });
    expect(await rpc.result(taskId)).toMatchObject({
      content: [{ type: 'text', text: '{"rows":3}' }],
      structuredContent: { rows: 3 },
      _meta: { task: { id: taskId } },
    });
  });

  it('says what the tool says while it runs', async () => {
    const { opened, open } = gateFor();
    const tool = durableTool({
      ...anything,
      name: 'it',
      async run(_args, ctx) {
        ctx.progress('chunk 3 of 10', 0.3);
        await opened;
        return null;
      },
    });
    const bench = new DurableBench([tool]);
    const rpc = await serving(bench, era);
    const taskId = await rpc.start('it');
    await bench.isIn(taskId, 'running');
    await bench.clock.advance(0);
    expect(await rpc.status(taskId)).toMatchObject({
      status: 'working',
      statusMessage: 'chunk 3 of 10',
    });
    open();
  });

  it('that fails has the reason in its result', async () => {
    const tool = durableTool({
      ...anything,
      name: 'it',
      retries: 0,
      run() {
        throw new Error('the disk is full');
      },
    });
    const bench = new DurableBench([tool]);
    const rpc = await serving(bench, era);
    const taskId = await rpc.start('it');
    await bench.ended(taskId);
    expect(await rpc.status(taskId)).toMatchObject({
      status: isModern ? 'completed' : 'failed',
      statusMessage: 'the disk is full',
    });
    const result = await rpc.result(taskId);
    expect(result.isError).toBe(true);
    expect(JSON.parse(result.content[0].text).error).toMatchObject({
      code: 'executor_error',
      message: 'the disk is full',
      task_id: taskId,
    });
  });

  it('that throws an error of the protocol fails with that error, and is not tried again', async () => {
    let runs = 0;
    const tool = durableTool({
      ...anything,
      name: 'it',
      run() {
        runs += 1;
        throw new ProtocolError(-32_603, 'the job broke', { part: 7 });
      },
    });
    const bench = new DurableBench([tool]);
    const rpc = await serving(bench, era);
    const taskId = await rpc.start('it');
    await bench.ended(taskId);
    const error = { code: -32_603, message: 'the job broke', data: { part: 7 } };
    if (isModern) expect(await rpc.status(taskId)).toMatchObject({ status: 'failed', error });
    else expect(await rpc.call('tasks/result', { taskId })).toMatchObject({ error });
    expect(runs).toBe(1);
  });

  it('that is cancelled stops the run', async () => {
    const { opened: aborted, open } = gateFor();
    const tool = durableTool({
      ...anything,
      name: 'it',
      async run(_args, { signal }) {
        signal.addEventListener('abort', open);
        await aborted;
        return null;
      },
    });
    const bench = new DurableBench([tool]);
    const rpc = await serving(bench, era);
    const taskId = await rpc.start('it');
    await bench.isIn(taskId, 'running');
    await rpc.call('tasks/cancel', { taskId });
    await aborted;
    expect(await rpc.status(taskId)).toMatchObject({ status: 'cancelled' });
  });

  it('is refused as a task for the reason for which it is refused as a call', async () => {
    const tool = durableTool({
      ...anything,
      name: 'it',
      inputSchema: z.object({ n: z.number() }),
      run: () => null,
    });
    const bench = new DurableBench([tool]);
    const rpc = await serving(bench, era);
    const answer = JSON.stringify(await rpc.call('tools/call', rpc.asTask('it', { n: 'one' })));
    expect(answer).toContain('the arguments were not accepted: n: ');
    expect(await bench.flows.list({ owner: '', limit: 1 })).toEqual([]);
  });
});

describe('what a task asks, to clients of 2026-07-28', () => {
  it('is a form that is answered by tasks/update', async () => {
    const tool = durableTool({
      ...anything,
      name: 'it',
      async run(_args, ctx) {
        const { ok } = await ctx.requireInput({
          ok: { message: 'Well?', requestedSchema: z.object({ sure: z.boolean() }) },
        });
        return JSON.stringify(ok);
      },
    });
    const bench = new DurableBench([tool]);
    const rpc = await serving(bench, '2026-07-28');
    const taskId = await rpc.start('it');
    await bench.isIn(taskId, 'waiting');
    const form = {
      method: 'elicitation/create',
      params: {
        mode: 'form',
        message: 'Well?',
        requestedSchema: {
          type: 'object',
          properties: { sure: { type: 'boolean' } },
          required: ['sure'],
        },
      },
    };
    expect(await rpc.status(taskId)).toMatchObject({
      status: 'input_required',
      inputRequests: { ok: form },
    });
    const answer = { action: 'accept', content: { sure: true } };
    await rpc.call('tasks/update', { taskId, inputResponses: { ok: answer } });
    await bench.ended(taskId);
    expect((await rpc.result(taskId)).content[0].text).toBe(JSON.stringify(answer));
  });
});
