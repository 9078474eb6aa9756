import { PermanentError } from '@tasked/core';
import { durableTool } from '@tasked/server';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DurableBench } from './durable-bench.ts';
import { gateFor } from './gate-for.ts';

let runs = 0;
let gate = gateFor();
beforeEach(() => {
  runs = 0;
  gate = gateFor();
});

const analyze = durableTool({
  name: 'analyze',
  description: 'Analyzes.',
  inputSchema: z.object({
    dataset: z.string(),
    region: z.string().default('eu'),
    fails: z.boolean().optional(),
    note: z.string().optional(),
  }),
  unique: { keys: ['dataset', 'region'], periodSecs: 60 },
  retries: 0,
  async run({ dataset, fails }) {
    runs += 1;
    await gate.opened;
    if (fails) throw new PermanentError('no');
    return { dataset, run: runs };
  },
});

async function benchOf() {
  const bench = new DurableBench([analyze]);
  await bench.runner.start();
  const client = await bench.client();
  const call = (args: object) =>
    client.callTool({ name: 'analyze', arguments: { dataset: 'rivers', ...args } });
  return { bench, client, call };
}

describe('a tool whose equal calls are one run', () => {
  it('attaches a repeated call to the live run, and says so', async () => {
    const { bench, call } = await benchOf();
    const first = call({});
    const id = await bench.onlyCall();
    const second = call({ note: 'again' });
    gate.open();
    expect((await first)._meta).toEqual({ task: { id } });
    expect((await second)._meta).toEqual({ task: { id, attached: true } });
    expect((await second).structuredContent).toEqual({ dataset: 'rivers', run: 1 });
    expect(runs).toBe(1);
  });

  it('says so in the handle too, and to clients of tasks', async () => {
    const { bench, client, call } = await benchOf();
    const first = call({});
    const id = await bench.onlyCall();
    const second = call({});
    await bench.isIn(id, 'running');
    // Both calls are held by then, or will be by a timer of this moment.
    await bench.clock.advance(0);
    await bench.clock.advance(25_000);
    expect((await first).structuredContent).not.toHaveProperty('attached');
    expect((await second).structuredContent).toMatchObject({
      task_id: id,
      attached: true,
      next: expect.stringContaining('an equal call had begun this run'),
    });
    const started = await client.request(
      {
        method: 'tools/call',
        params: { name: 'analyze', arguments: { dataset: 'rivers' }, task: {} },
      },
      z.looseObject({ task: z.looseObject({}), _meta: z.record(z.string(), z.unknown()) }),
    );
    expect(started.task).toMatchObject({ taskId: id });
    expect(JSON.stringify(started._meta)).toContain('an equal call had begun this run');
    gate.open();
  });

  it('takes defaults and the order of fields for what they are', async () => {
    const { call } = await benchOf();
    gate.open();
    await call({ region: 'eu' });
    expect((await call({}))._meta).toMatchObject({ task: { attached: true } });
    expect(runs).toBe(1);
  });

  it('runs calls that differ in one of the arguments', async () => {
    const { call } = await benchOf();
    gate.open();
    await call({});
    await call({ region: 'us' });
    await call({ dataset: 'lakes' });
    expect(runs).toBe(3);
  });

  it('answers with the result of a run that has ended, for as long as the period lasts', async () => {
    const { bench, call } = await benchOf();
    gate.open();
    await call({});
    await bench.clock.advance(59_999);
    expect((await call({})).structuredContent).toMatchObject({ run: 1 });
    await bench.clock.advance(2);
    expect((await call({})).structuredContent).toMatchObject({ run: 2 });
    await bench.clock.advance(59_999);
    expect((await call({})).structuredContent).toMatchObject({ run: 2 });
  });

  it('runs again at once after a run that failed or was cancelled', async () => {
    const { bench, call } = await benchOf();
    gate.open();
    expect((await call({ fails: true })).isError).toBe(true);
    expect((await call({})).structuredContent).toMatchObject({ run: 2 });
    expect(await bench.flows.list({ owner: '', limit: 5 })).toHaveLength(2);
  });

  it('is a run of its own for every owner', async () => {
    const { bench } = await benchOf();
    gate.open();
    for (const owner of ['ann', 'bob']) {
      const client = await bench.client({ server: { owner } });
      const result = await client.callTool({ name: 'analyze', arguments: { dataset: 'rivers' } });
      expect(result._meta).not.toMatchObject({ task: { attached: true } });
    }
    expect(runs).toBe(2);
  });

  it('begins one run when many call at once', async () => {
    const { call } = await benchOf();
    gate.open();
    const results = await Promise.all(Array.from({ length: 20 }, () => call({})));
    expect(
      new Set(results.map(({ _meta }) => (_meta as { task: { id: string } }).task.id)).size,
    ).toBe(1);
    expect(runs).toBe(1);
  });
});
