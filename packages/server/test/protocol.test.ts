import { TaskedError } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { describe, expect, it } from 'vitest';
import { Workbench } from './workbench.ts';

describe('the server', () => {
  it('lists its tools in a fixed order, each with schemas and annotations', async () => {
    const { client } = await new Workbench().client();
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual([
      'tasked_submit_flow',
      'tasked_flow_status',
      'tasked_task_output',
      'tasked_list_flows',
      'tasked_cancel_flow',
      'tasked_provide_input',
    ]);
    for (const tool of tools) {
      expect(tool.title).toBeTruthy();
      expect(tool.description?.length).toBeLessThan(1_000);
      expect(tool.description).toMatch(/^Use this to /);
      expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(tool.outputSchema).toMatchObject({ type: 'object', required: expect.any(Array) });
      expect(Object.keys(tool.outputSchema?.properties ?? {}).at(-1)).toBe('next');
    }
    expect(tools.map((tool) => tool.annotations?.readOnlyHint)).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(tools[0]?.annotations).toMatchObject({ openWorldHint: true });
    expect(tools[4]?.annotations).toMatchObject({ destructiveHint: true, idempotentHint: true });
  });

  it('tells of the executors that it takes, and of no others', async () => {
    const { client } = await new Workbench().client({ server: { executors: ['http', 'noop'] } });
    const submit = (await client.listTools()).tools[0];
    expect(submit?.description).toContain('Executors: http (url');
    expect(JSON.stringify(submit)).not.toContain('shell');
  });

  it('demands of its clients only what the documentation marks as required', async () => {
    const { client } = await new Workbench().client();
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.inputSchema.required)).toEqual([
      ['tasks'],
      ['flow_id'],
      ['flow_id'],
      undefined,
      ['flow_id'],
      ['flow_id'],
    ]);
  });

  it('answers malformed calls and unknown tools with protocol errors', async () => {
    const { client } = await new Workbench().client();
    const call = (params: object) =>
      client.request({ method: 'tools/call', params: params as { name: string } });
    await expect(call({ name: 'tasked_nothing' })).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining(
        'there is no tool "tasked_nothing"; there are tasked_submit',
      ),
    });
    await expect(call({})).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining('params.name'),
    });
    await expect(call({ name: 'tasked_list_flows', arguments: [1] })).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining('params.arguments'),
    });
    await expect(client.request({ method: 'ping' })).resolves.toEqual({});
    await expect(client.request({ method: 'resources/list' })).rejects.toMatchObject({
      code: -32_601,
    });
  });

  it('tells a client nothing of what went wrong inside', async () => {
    const bench = new Workbench();
    const client = await bench.client();
    bench.flows.list = async () => {
      throw new Error('disk I/O error at /var/lib/tasked/tasked.db');
    };
    const error = await client.error('tasked_list_flows');
    expect(error).toEqual({
      code: 'internal',
      message: 'something went wrong inside Tasked; its log has the cause under error_id',
      error_id: expect.any(String),
    });
    expect(bench.logged).toContainEqual({
      message: 'a tool call failed',
      fields: expect.objectContaining({ error_id: error.error_id }),
    });
  });

  it('lists its tools while the engine is still being opened, and lets calls wait for it', async () => {
    const bench = new Workbench();
    const opening = Promise.withResolvers<Flows>();
    const client = await bench.client({ server: { flows: opening.promise } });
    const calling = client.call('tasked_list_flows');
    opening.resolve(bench.flows);
    expect((await calling).count).toBe(0);
  });

  it('answers that it is not there when the engine could not be opened', async () => {
    const flows = Promise.reject(new TaskedError('unavailable', 'the disk of /data is full'));
    const client = await new Workbench().client({ server: { flows } });
    expect(await client.error('tasked_list_flows')).toMatchObject({ code: 'unavailable' });
  });

  it('serves several connections from one factory', async () => {
    const bench = new Workbench();
    const [one, two] = [await bench.client(), await bench.client()];
    const tasks = [{ id: 'a', executor: 'noop' }];
    const { flow_id } = await one.call('tasked_submit_flow', { tasks });
    expect((await two.call('tasked_list_flows')).flows[0].flow_id).toBe(flow_id);
  });
});
