import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { FixtureProcess } from './fixture/fixture-process.ts';
import { until } from './until.ts';

describe.each(['stdio', 'http'] as const)('a server of SDK 1.x over %s', (way) => {
  it('answers calls as tasks: made, polled, listed, and their results fetched', async () => {
    const server = await FixtureProcess.start(way);
    const taskId = await server.start('echo', { text: 'hello' });
    await until(async () => (await server.tasks.getTask(taskId)).status === 'completed');
    expect(await server.result(taskId)).toBe('hello');
    expect(await server.tasks.getTask(taskId)).toMatchObject({ ttl: 60_000, pollInterval: 20 });
    const { tasks } = await server.tasks.listTasks();
    expect(tasks.map((task) => task.taskId)).toEqual([taskId]);
    await expect(server.tasks.getTask('t_none')).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
    });
    expect(await server.call('echo', { text: 'at once' })).toBe('at once');
  });

  it('tells why a task failed, also to clients that never fetch its result', async () => {
    const server = await FixtureProcess.start(way);
    const taskId = await server.start('fail');
    expect(await server.result(taskId)).toBe('no such table');
    const task = await server.tasks.getTask(taskId);
    expect(task).toMatchObject({ status: 'failed', statusMessage: 'no such table' });
  });

  it('cancels: the handler hears it, and its late result changes nothing', async () => {
    const server = await FixtureProcess.start(way);
    const taskId = await server.start('wait');
    const said = async () => (await server.tasks.getTask(taskId)).statusMessage;
    await until(async () => (await said()) === 'waiting to be cancelled');
    expect(await server.tasks.cancelTask(taskId)).toMatchObject({ status: 'cancelled' });
    await until(async () => (await server.call('heard')).includes('has ended'));
    expect(await server.call('heard')).toContain(`${taskId} Client cancelled task execution.`);
    expect(await server.tasks.getTask(taskId)).toMatchObject({ status: 'cancelled' });
    await expect(server.tasks.cancelTask(taskId)).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
    });
  });

  it("asks inside a task, by the SDK's own queue", async () => {
    const server = await FixtureProcess.start(way);
    server.answer = () => ({ action: 'accept', content: { colour: 'blue' } });
    const taskId = await server.start('ask');
    await until(async () => (await server.tasks.getTask(taskId)).status === 'input_required');
    expect(await server.result(taskId)).toBe('painted blue');
  });
});
