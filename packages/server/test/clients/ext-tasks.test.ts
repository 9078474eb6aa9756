import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { ExtTasksClient, textOf } from './ext-tasks-client.ts';
import { FixtureServer, WAYS } from './fixture-server.ts';
import { expectSpoken } from './wire-oracle.ts';

const accept = (content: Record<string, boolean | string>) => () =>
  ({ action: 'accept', content }) as const;

describe.each(WAYS)('the client of ext-tasks over %s', (way) => {
  const fixture = new FixtureServer();
  let ext: ExtTasksClient;

  beforeAll(async () => {
    ext = await ExtTasksClient.connect(way, fixture);
  });

  afterEach(() => expectSpoken('modern', ext.journal));

  afterAll(async () => {
    await ext.close();
    await fixture.close();
  });

  it('runs tools that are no tasks and tools that are', async () => {
    expect(await ext.run('greet', { name: 'Ann' })).toBe('Hello, Ann!');
    expect(await ext.run('slow_compute', { seconds: 0.1, label: 'it' })).toBe('done it');
  });

  it('gets an error of a tool as a result, and one of the protocol as a failure', async () => {
    const execution = await ext.session.callTool('failing_job', {});
    const { outcome, lastTask } = await execution.settle();
    expect(outcome).toMatchObject({ status: 'completed', result: { isError: true } });
    expect(lastTask).toMatchObject({ status: 'completed' });
    await expect(ext.run('protocol_error_job')).rejects.toThrow('the job broke');
  });

  it('answers what a task asks, all at once', async () => {
    ext.answer = accept({ confirm: true });
    expect(await ext.run('confirm_delete', { filename: 'a.txt' })).toBe('Deleted a.txt');
    ext.answer = accept({ ok: true });
    expect(JSON.parse(await ext.run('multi_input'))).toMatchObject({
      first: { content: { ok: true } },
      second: { content: { ok: true } },
    });
  });

  it('answers what is asked before a task begins', async () => {
    ext.answer = accept({ name: 'Ann' });
    expect(await ext.run('test_tool_with_task')).toBe('Hello, Ann!');
  });

  it('answers a part of what a task asks, each input once', async () => {
    const taskId = await ext.start('multi_input');
    const task = ext.session.task(taskId);
    const asked = async () =>
      Object.keys(((await task.snapshot()).raw.inputRequests ?? {}) as object);
    await until(async () => (await asked()).length === 2);
    const yes = { action: 'accept', content: { ok: true } } as const;
    const no = { action: 'decline' } as const;
    await task.update({ second: yes, unknown: no });
    expect(await asked()).toEqual(['first']);
    await task.update({ second: no });
    await task.update({ first: no });
    await task.update({ first: yes });
    const outcome = await task.result();
    if (outcome.status !== 'completed') throw new Error(outcome.status);
    expect(JSON.parse(textOf(outcome.result))).toEqual({ first: no, second: yes });
  });

  it('cancels a task, and again, which changes nothing', async () => {
    const taskId = await ext.start('slow_compute', { seconds: 60 });
    const task = ext.session.task(taskId);
    await task.cancel();
    expect(await task.result()).toMatchObject({ status: 'cancelled' });
    await task.cancel();
    expect(await task.snapshot()).toMatchObject({ status: 'cancelled' });
  });

  it('is needed for a tool that runs as a task only', async () => {
    // The 2.x client by itself declares no extension.
    await expect(ext.client.callTool({ name: 'failing_job' })).rejects.toMatchObject({
      code: -32_021,
      data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    });
    const plain = { name: 'slow_compute', arguments: { seconds: 0, label: 'plain' } };
    expect(textOf(await ext.client.callTool(plain))).toBe('done plain');
  });
});
