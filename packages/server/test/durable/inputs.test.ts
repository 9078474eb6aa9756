import { durableTool } from '@tasked/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DurableBench, jsonIn } from './durable-bench.ts';

let runs = 0;

const render = durableTool({
  name: 'render',
  description: 'Asks, then renders.',
  inputSchema: z.object({ dataset: z.string() }),
  outputSchema: z.object({ palette: z.string(), action: z.string() }),
  async run({ dataset }, ctx) {
    runs += 1;
    const { style } = await ctx.requireInput({
      style: {
        message: `Which palette for ${dataset}?`,
        requestedSchema: z.object({
          palette: z.enum(['warm', 'cold']),
          wide: z.boolean().optional(),
        }),
      },
    });
    return { palette: String(style.content?.palette ?? 'none'), action: style.action };
  },
});

const schema = {
  type: 'object',
  properties: {
    palette: { type: 'string', enum: ['warm', 'cold'] },
    wide: { type: 'boolean' },
  },
  required: ['palette'],
};

/** A call that waits for its form, and what gives answers to it. */
async function asking() {
  const bench = new DurableBench([render]);
  await bench.runner.start();
  const client = await bench.client();
  const result = await client.callTool({ name: 'render', arguments: { dataset: 'rivers' } });
  const flow_id = await bench.onlyCall();
  const give = async (answers?: object) =>
    await client.callTool({
      name: 'tasked_provide_input',
      arguments: { flow_id, ...(answers && { answers }) },
    });
  const outcome = async () => {
    await bench.ended(flow_id);
    return await bench.flows.readOutput(flow_id, 'call', '');
  };
  return { bench, client, result, flow_id, give, outcome };
}

describe('a tool that asks, and a client without tasks', () => {
  it('answers with a handle as soon as it asks', async () => {
    const { result, flow_id } = await asking();
    expect(result.structuredContent).toEqual({
      task_id: flow_id,
      status: 'input_required',
      next: `the run waits for input (waiting for input): show it and give it with tasked_provide_input, flow_id ${flow_id}`,
    });
  });

  it('shows what is asked, with the schema of the answer', async () => {
    const { give, client, flow_id } = await asking();
    expect((await give()).structuredContent).toEqual({
      flow_id,
      state: 'running',
      inputs: [{ key: 'style', message: 'Which palette for rivers?', schema }],
      next: 'ask the user, and call again with answers for style',
    });
    const status = await client.callTool({ name: 'tasked_flow_status', arguments: { flow_id } });
    expect(status.structuredContent).toMatchObject({
      next: expect.stringContaining('see what is asked with tasked_provide_input'),
    });
  });

  it.each([
    ['the fields of the form', { palette: 'warm' }, { palette: 'warm', action: 'accept' }],
    [
      'a whole answer',
      { action: 'accept', content: { palette: 'cold' } },
      { palette: 'cold', action: 'accept' },
    ],
    ['a refusal', { action: 'decline' }, { palette: 'none', action: 'decline' }],
  ])('takes %s', async (_, style, expected) => {
    const { give, outcome } = await asking();
    expect((await give({ style })).structuredContent).toMatchObject({
      accepted: ['style'],
      inputs: [],
      next: expect.stringContaining('call tasked_flow_status'),
    });
    expect(await outcome()).toEqual(expected);
  });

  it.each([
    ['a wrong value', { palette: 'grey' }],
    ['a missing field', {}],
    ['no object', 'warm'],
    ['a wrong value in a whole answer', { action: 'accept', content: { palette: 1 } }],
    ['a word that is no action', { action: 'maybe' }],
  ])('refuses %s by the schema, and the form stays open', async (_, style) => {
    const { give } = await asking();
    const refused = await give({ style });
    expect(refused.isError).toBe(true);
    const { error } = jsonIn(refused);
    expect(error).toMatchObject({ code: 'invalid_input' });
    expect(error.faults[0].path).toMatch(/^answers\.style/);
    expect((await give()).structuredContent).toMatchObject({ inputs: [{ key: 'style' }] });
  });

  it('takes an answer once, and tells those that come later', async () => {
    const { give, outcome } = await asking();
    await give({ style: { palette: 'warm' } });
    expect(await outcome()).toEqual({ palette: 'warm', action: 'accept' });
    expect((await give({ style: { palette: 'cold' } })).structuredContent).toMatchObject({
      accepted: [],
      refused: [{ key: 'style', why: 'answered' }],
      next: 'nothing to do: it was succeeded already',
    });
  });

  it('runs from its beginning when it is answered, and was not run while nobody answered', async () => {
    const before = runs;
    const { bench, give, outcome } = await asking();
    await bench.clock.advance(7 * 86_400_000);
    expect(runs).toBe(before + 1);
    await give({ style: { palette: 'warm' } });
    await outcome();
    expect(runs).toBe(before + 2);
  });

  it('says what is unknown: a flow that is not there', async () => {
    const { client } = await asking();
    const args = { flow_id: 'f_AAAAAAAAAAAAAAAAAAAAAA' };
    const result = await client.callTool({ name: 'tasked_provide_input', arguments: args });
    expect(jsonIn(result).error).toMatchObject({ code: 'not_found' });
  });
});
