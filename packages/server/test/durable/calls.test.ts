import { PermanentError } from '@tasked/core';
import { durableTool, taskHandle } from '@tasked/server';
import { MemoryStore } from '@tasked/store-memory';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { DurableBench, jsonIn } from './durable-bench.ts';
import { gateFor } from './gate-for.ts';

const double = durableTool({
  name: 'double',
  description: 'Doubles.',
  inputSchema: z.object({ n: z.number() }),
  outputSchema: z.object({ twice: z.number() }),
  run: ({ n }) => ({ twice: n * 2 }),
});

const anything = { description: 'Does it.', inputSchema: z.object({}) };

describe('a call of a durable tool', () => {
  it('is answered with the result when it ends soon', async () => {
    const bench = new DurableBench([double]);
    await bench.runner.start();
    const client = await bench.client();
    const result = await client.callTool({ name: 'double', arguments: { n: 21 } });
    expect(result.structuredContent).toEqual({ twice: 42 });
    expect(result.content).toEqual([{ type: 'text', text: '{"twice":42}' }]);
    expect(result._meta).toEqual({ task: { id: await bench.onlyCall() } });
  });

  it('reads its task and its output once when it is held until its end', async () => {
    const store = new MemoryStore();
    const task = vi.spyOn(store, 'getFlowTask');
    const tasks = vi.spyOn(store, 'listFlowTasks');
    const outputs = vi.spyOn(store, 'readOutputs');
    const bench = new DurableBench([double], store);
    await bench.runner.start();
    await (await bench.client()).callTool({ name: 'double', arguments: { n: 1 } });
    expect(task).not.toHaveBeenCalled();
    expect(tasks).toHaveBeenCalledOnce();
    expect(outputs).toHaveBeenCalledOnce();
  });

  it.each([
    ['a text', 'done', { content: [{ type: 'text', text: 'done' }] }],
    ['nothing', null, { content: [] }],
    ['a number', 7, { content: [{ type: 'text', text: '7' }] }],
    ['a list', [1], { content: [{ type: 'text', text: '[1]' }] }],
    [
      'an object',
      { a: 1 },
      { content: [{ type: 'text', text: '{"a":1}' }], structuredContent: { a: 1 } },
    ],
    [
      'a result',
      { content: [{ type: 'text', text: 'no' }], isError: true, _meta: { mine: 1 } },
      { content: [{ type: 'text', text: 'no' }], isError: true },
    ],
  ])('%s that is returned becomes the result', async (_, returned, expected) => {
    const tool = durableTool({ ...anything, name: 'it', run: () => returned });
    const bench = new DurableBench([tool]);
    await bench.runner.start();
    const result = await (await bench.client()).callTool({ name: 'it' });
    const meta = (returned as { _meta?: object } | null)?._meta;
    const task = { id: await bench.onlyCall() };
    expect(result).toEqual({ ...expected, _meta: { ...meta, task } });
  });

  it('may take what it calls out of its context', async () => {
    const tool = durableTool({
      ...anything,
      name: 'it',
      async run(_args, { log, progress, save, requireInput, saved, snooze }) {
        log('once more');
        progress('half way', 0.5);
        await expect(requireInput({})).rejects.toThrow('asks for nothing');
        if (saved !== null) return saved;
        await save('kept');
        return snooze(0);
      },
    });
    const bench = new DurableBench([tool]);
    await bench.runner.start();
    const result = await (await bench.client()).callTool({ name: 'it' });
    expect(result.content).toEqual([{ type: 'text', text: 'kept' }]);
  });

  it('is answered with a handle when it goes on, and the work with it', async () => {
    const bench = new DurableBench([double]);
    const client = await bench.client();
    const calling = client.callTool({ name: 'double', arguments: { n: 21 } });
    const task_id = await bench.onlyCall();
    await bench.clock.advance(25_000);
    const result = await calling;
    expect(result.structuredContent).toEqual({
      task_id,
      status: 'working',
      next: `the run goes on (waiting for a free runner): call tasked_flow_status with flow_id ${task_id} and wait_secs 25`,
    });
    expect(jsonIn(result)).toEqual(result.structuredContent);
    expect(result._meta).toEqual({ task: { id: task_id } });
    await bench.runner.start();
    await bench.ended(task_id);
    const status = await client.callTool({ name: 'tasked_flow_status', arguments: { task_id } });
    expect(status.structuredContent).toMatchObject({
      tasks: [{ output: { twice: 42 } }],
      assumed: ['task_id: was read as flow_id'],
    });
    const output = await client.callTool({
      name: 'tasked_task_output',
      arguments: { flow_id: task_id },
    });
    expect(output.structuredContent).toMatchObject({ task_id: 'call', output: { twice: 42 } });
  });

  it('is held for 45 seconds when progress is wanted, which rises and says what the tool said', async () => {
    const { opened, open } = gateFor();
    const tool = durableTool({
      ...anything,
      name: 'slow',
      async run(_args, ctx) {
        ctx.progress('half way', 0.5);
        await opened;
        return 'done';
      },
    });
    const bench = new DurableBench([tool]);
    await bench.runner.start();
    const client = await bench.client();
    const told: { readonly progress: number; readonly message?: string | undefined }[] = [];
    const calling = client.callTool({ name: 'slow' }, { onprogress: (each) => told.push(each) });
    await bench.isIn(await bench.onlyCall(), 'running');
    for (let second = 0; second < 44; second++) await bench.clock.advance(1_000);
    const values = told.map(({ progress }) => progress);
    expect(values.length).toBeGreaterThan(10);
    expect(values).toEqual(values.toSorted((one, other) => one - other));
    expect(new Set(values).size).toBe(values.length);
    expect(values.at(-1)).toBeGreaterThan(0.5);
    expect(told.at(-1)?.message).toBe('half way');
    await bench.clock.advance(1_000);
    expect((await calling).structuredContent).toMatchObject({ status: 'working' });
    open();
  });

  it('whose client goes away goes on to its end', async () => {
    const { opened, open } = gateFor();
    let signal: AbortSignal | undefined;
    const tool = durableTool({
      ...anything,
      name: 'slow',
      async run(_args, ctx) {
        signal = ctx.signal;
        await opened;
        return 'done';
      },
    });
    const bench = new DurableBench([tool]);
    await bench.runner.start();
    const client = await bench.client();
    const leaving = new AbortController();
    const calling = client.callTool({ name: 'slow' }, { signal: leaving.signal });
    const taskId = await bench.onlyCall();
    await bench.isIn(taskId, 'running');
    leaving.abort();
    await expect(calling).rejects.toThrow();
    await client.close();
    expect(signal?.aborted).toBe(false);
    open();
    await bench.ended(taskId);
    expect((await bench.flows.get(taskId, '')).state).toBe('succeeded');
  });

  it('that fails is an error with the reason, after as many attempts as it may have', async () => {
    let attempts = 0;
    const tool = durableTool({
      ...anything,
      name: 'flaky',
      retries: 2,
      run() {
        attempts += 1;
        throw new Error('the disk is full');
      },
    });
    const bench = new DurableBench([tool]);
    await bench.runner.start();
    const calling = (await bench.client()).callTool({ name: 'flaky' });
    const task_id = await bench.onlyCall();
    for (let second = 0; second < 10; second++) await bench.clock.advance(1_000);
    const result = await calling;
    expect(attempts).toBe(3);
    expect(result.isError).toBe(true);
    expect(jsonIn(result).error).toEqual({
      code: 'executor_error',
      message: 'the disk is full',
      task_id,
      attempts: 3,
      next: expect.stringContaining('call the tool again'),
    });
    expect(result.structuredContent).toBeUndefined();
  });

  it('fails for good at once with a PermanentError', async () => {
    const tool = durableTool({
      ...anything,
      name: 'hopeless',
      run() {
        throw new PermanentError('there is no such dataset', { code: 'no_dataset' });
      },
    });
    const bench = new DurableBench([tool]);
    await bench.runner.start();
    const result = await (await bench.client()).callTool({ name: 'hopeless' });
    expect(jsonIn(result).error).toMatchObject({ code: 'no_dataset', attempts: 1 });
  });

  it('runs with the queue, the retries and the time that the tool has', async () => {
    const tool = durableTool({
      ...anything,
      name: 'it',
      queue: 'heavy',
      retries: 7,
      timeoutSecs: 90,
      run: () => null,
    });
    const bench = new DurableBench([tool]);
    await bench.runner.start();
    await (await bench.client()).callTool({ name: 'it' });
    const { queue } = await bench.flows.get(await bench.onlyCall(), '');
    expect(queue).toBe('heavy');
  });

  it('takes its arguments as they are: nothing in them is a reference', async () => {
    const tool = durableTool({
      ...anything,
      name: 'echo',
      inputSchema: z.object({ text: z.string() }),
      run: ({ text }) => text,
    });
    const bench = new DurableBench([tool]);
    await bench.runner.start();
    const text = '${tasks.call.output} ${tasks.x}';
    const result = await (await bench.client()).callTool({ name: 'echo', arguments: { text } });
    expect(result.content).toEqual([{ type: 'text', text }]);
  });
});

describe('what is refused before anything is stored', () => {
  const guarded = durableTool({
    name: 'guarded',
    description: 'Needs two words.',
    inputSchema: z.object({ n: z.number(), unit: z.enum(['m', 'km']) }),
    scope: 'analysis:run analysis:read',
    run: () => null,
  });
  const origin = (...scopes: string[]) => ({
    origin: { authInfo: { token: '', clientId: 'ann', scopes } },
  });

  it('arguments that are wrong, all faults at once', async () => {
    const bench = new DurableBench([guarded]);
    const wrong = { name: 'guarded', arguments: { n: 'one', unit: 'mile' } };
    const { error } = jsonIn(await (await bench.client()).callTool(wrong));
    expect(error.code).toBe('invalid_input');
    expect(error.faults.map(({ path }: { path: string }) => path)).toEqual(['n', 'unit']);
    expect(await bench.flows.list({ owner: '', limit: 1 })).toEqual([]);
  });

  it('a caller without all the words of the scope, whatever the arguments', async () => {
    const bench = new DurableBench([guarded]);
    const client = await bench.client(origin('analysis:read', 'other'));
    const result = await client.callTool({ name: 'guarded', arguments: { n: 'wrong' } });
    expect(result.isError).toBe(true);
    expect(jsonIn(result).error).toEqual({
      code: 'forbidden',
      message:
        'you may not call guarded: it needs the scope analysis:run, which this caller does not have',
      missing_scopes: ['analysis:run'],
    });
    expect(await bench.flows.list({ owner: '', limit: 1 })).toEqual([]);
  });

  it('nobody else: with all words, with `*`, and where nobody is authenticated, it is run', async () => {
    const bench = new DurableBench([guarded]);
    await bench.runner.start();
    const good = { name: 'guarded', arguments: { n: 1, unit: 'm' } };
    for (const served of [origin('analysis:run', 'analysis:read'), origin('*'), {}]) {
      const result = await (await bench.client(served)).callTool(good);
      expect(result.isError).toBeUndefined();
    }
  });
});

describe('taskHandle', () => {
  it('is a text that names its task', () => {
    expect(taskHandle('t_1', 'started')).toEqual({
      content: [{ type: 'text', text: 'started' }],
      _meta: { task: { id: 't_1' } },
    });
  });

  it('keeps what a result has in _meta, also beside the id', () => {
    const result = { content: [], _meta: { mine: true, task: { kind: 'build' } } };
    expect(taskHandle('t_1', result)).toEqual({
      content: [],
      _meta: { mine: true, task: { kind: 'build', id: 't_1' } },
    });
  });
});
