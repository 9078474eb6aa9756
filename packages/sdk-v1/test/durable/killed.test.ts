import { CallToolResultSchema, ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { FixtureProcess } from '../fixture/fixture-process.ts';
import { LASTING, PLACES } from '../fixture/places.ts';
import { until } from '../until.ts';

describe.each(LASTING)('durable tools on a server of SDK 1.x and %s', (store) => {
  it('go on after kill -9 in chunk 6 of 10, and the result has the same id', async () => {
    const program = { program: 'durable-server.ts', args: PLACES[store]() };
    const killed = await FixtureProcess.start('stdio', program);
    const taskId = await killed.start('read');
    await until(async () => killed.said.includes('chunk 6, attempt 1'));
    killed.kill();
    const next = await FixtureProcess.start('stdio', program);
    const result = await next.tasks.getTaskResult(taskId, CallToolResultSchema);
    const attempts = [1, 1, 1, 1, 1, 2, 2, 2, 2, 2];
    expect(result).toMatchObject({
      structuredContent: { chunks: attempts.map((attempt, n) => ({ chunk: n + 1, attempt })) },
      _meta: { task: { id: taskId } },
    });
    expect(await next.tasks.getTask(taskId)).toMatchObject({ taskId, status: 'completed' });
  });

  it('still ask after kill -9, and the answer counts once', async () => {
    const program = { program: 'durable-server.ts', args: PLACES[store]() };
    const killed = await FixtureProcess.start('stdio', program);
    const taskId = await killed.start('paint');
    const isAsking = async (server: FixtureProcess) =>
      (await server.tasks.getTask(taskId)).status === 'input_required';
    await until(() => isAsking(killed));
    killed.kill();
    const next = await FixtureProcess.start('stdio', program);
    expect(await isAsking(next)).toBe(true);
    next.answer = () => ({ action: 'accept', content: { colour: 'blue' } });
    expect(await next.result(taskId)).toBe('painted blue');
    const again = await next.client.callTool({
      name: 'tasked_provide_input',
      arguments: { flow_id: taskId, answers: { colour: { colour: 'red' } } },
    });
    expect(again.structuredContent).not.toMatchObject({ accepted: ['colour'] });
    expect(await next.result(taskId)).toBe('painted blue');
    const unknown = next.tasks.getTask('f_none');
    await expect(unknown).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
  });
});
