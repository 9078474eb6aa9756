import { type DurableToolContext, durableTool } from '@tasked/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DurableBench, jsonIn } from './durable-bench.ts';

const noop = durableTool({
  name: 'noop',
  description: 'Nothing.',
  inputSchema: z.object({}),
  run: () => 'alive',
});

/** A tool that does this, and one that shows whether the engine lives; neither is tried twice. */
function benchOf(run: (args: object, ctx: DurableToolContext) => unknown, more: object = {}) {
  const bad = durableTool({
    name: 'bad',
    description: 'Bad.',
    inputSchema: z.object({}),
    retries: 0,
    run: run as () => never,
    ...more,
  });
  return new DurableBench([bad, noop]);
}

async function errorOf(bench: DurableBench) {
  await bench.runner.start();
  const client = await bench.client();
  const result = await client.callTool({ name: 'bad' });
  expect(result.isError).toBe(true);
  expect(await client.callTool({ name: 'noop' })).toMatchObject({ content: [{ text: 'alive' }] });
  return jsonIn(result).error;
}

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

describe('a tool that is badly written fails with a reason, and nothing else does', () => {
  it.each([
    ['returns undefined', () => undefined, 'bad_output', 'it is undefined; return'],
    ['returns a BigInt', () => ({ n: 1n }), 'bad_output', 'BigInt'],
    ['returns what contains itself', () => cyclic, 'bad_output', 'circular'],
    [
      'returns 10 MB',
      () => ({ text: 'x'.repeat(10_000_000) }),
      'bad_output',
      'write it to a file, and return where it is',
    ],
    ['returns a function', () => () => {}, 'bad_output', 'is not JSON'],
    ['throws a text', () => Promise.reject('just a text'), 'executor_error', 'just a text'],
    ['throws nothing', () => Promise.reject(undefined), 'executor_error', 'undefined'],
    ['throws null', () => Promise.reject(null), 'executor_error', 'null'],
    [
      'asks nothing',
      (_: object, ctx: DurableToolContext) => ctx.requireInput({}),
      'invalid_input',
      'asks for nothing',
    ],
    [
      'asks under a key that is none',
      (_: object, ctx: DurableToolContext) =>
        ctx.requireInput({ 'a key': { message: 'Well?', requestedSchema: {} } }),
      'invalid_input',
      'a key',
    ],
    [
      'asks without a form',
      (_: object, ctx: DurableToolContext) =>
        ctx.requireInput({ ok: { message: 'Well?' } as never }),
      'invalid_input',
      'requestedSchema',
    ],
    [
      'snoozes for no number',
      (_: object, ctx: DurableToolContext) => ctx.snooze(Number.NaN),
      'invalid_input',
      'milliseconds',
    ],
    [
      'saves too much',
      (_: object, ctx: DurableToolContext) => ctx.save('x'.repeat(70_000)),
      'limit_exceeded',
      'bytes',
    ],
    [
      'saves what is no JSON',
      (_: object, ctx: DurableToolContext) => ctx.save(1n as never),
      'invalid_input',
      'BigInt',
    ],
  ])('%s', async (_, run, code, message) => {
    const error = await errorOf(benchOf(run));
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('returns what its own schema does not allow', async () => {
    const outputSchema = z.object({ rows: z.number() });
    const returns = async (value: unknown) => await errorOf(benchOf(() => value, { outputSchema }));
    expect(await returns({ rows: 'many' })).toMatchObject({
      code: 'bad_output',
      message: expect.stringContaining('rows: '),
    });
    expect(await returns({ content: [{ type: 'text', text: '1' }] })).toMatchObject({
      code: 'bad_output',
      message: expect.stringContaining('structuredContent: '),
    });
  });

  it('never returns, and does not heed its signal', async () => {
    const bench = benchOf(() => new Promise(() => {}), { timeoutSecs: 5 });
    await bench.runner.start();
    const client = await bench.client();
    const calling = client.callTool({ name: 'bad' });
    await bench.isIn(await bench.onlyCall(), 'running');
    for (let second = 0; second < 7; second++) await bench.clock.advance(1_000);
    expect(jsonIn(await calling).error).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('timed out after 5 s'),
    });
    expect(await client.callTool({ name: 'noop' })).toMatchObject({ content: [{ text: 'alive' }] });
  });

  it('saves after the end: refused, and the result is what it was', async () => {
    let late: DurableToolContext | undefined;
    const bench = benchOf((_, ctx) => {
      late = ctx;
      return 'done';
    });
    await bench.runner.start();
    const client = await bench.client();
    expect(await client.callTool({ name: 'bad' })).toMatchObject({ content: [{ text: 'done' }] });
    await expect(late?.save({ more: true })).rejects.toMatchObject({ code: 'illegal_transition' });
    late?.progress('still here');
    late?.log('still here');
    expect((await bench.flows.get(await bench.onlyCall(), '')).state).toBe('succeeded');
  });

  it('asks and does not wait: the run ends there all the same, and the process lives', async () => {
    const bench = benchOf((_, ctx) => {
      void ctx.requireInput({ ok: { message: 'Well?', requestedSchema: { type: 'object' } } });
      return 'too early';
    });
    await bench.runner.start();
    const client = await bench.client();
    const result = await client.callTool({ name: 'bad' });
    expect(result.structuredContent).toMatchObject({ status: 'input_required' });
  });

  it('asks for what is answered under keys that nobody asked for: they are told, and change nothing', async () => {
    const bench = benchOf(async (_, ctx) => {
      const { ok } = await ctx.requireInput({
        ok: { message: 'Well?', requestedSchema: { type: 'object' } },
      });
      return { ok: ok.action };
    });
    await bench.runner.start();
    const client = await bench.client();
    await client.callTool({ name: 'bad' });
    const flow_id = await bench.onlyCall();
    const give = (answers: object) =>
      client.callTool({ name: 'tasked_provide_input', arguments: { flow_id, answers } });
    expect((await give({ other: {}, constructor: {} })).structuredContent).toMatchObject({
      accepted: [],
      refused: [
        { key: 'other', why: 'unknown' },
        { key: 'constructor', why: 'unknown' },
      ],
      inputs: [{ key: 'ok' }],
    });
    expect((await give({ ok: {} })).structuredContent).toMatchObject({ accepted: ['ok'] });
    await bench.ended(flow_id);
    expect(await bench.flows.readOutput(flow_id, 'call', '')).toEqual({ ok: 'accept' });
  });
});
