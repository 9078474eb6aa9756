import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { FixtureServer, WAYS } from './fixture-server.ts';
import { type AnswerForm, Sdk1Client } from './sdk-1-client.ts';
import { expectSpoken } from './wire-oracle.ts';

const accept =
  (content: Record<string, boolean>): AnswerForm =>
  () => ({ action: 'accept', content });

describe.each(WAYS)('the client of @modelcontextprotocol/sdk 1.x over %s', (way) => {
  const fixture = new FixtureServer();
  let sdk: Sdk1Client;

  beforeAll(async () => {
    sdk = await Sdk1Client.connect(way, fixture);
  });

  afterEach(() => expectSpoken('legacy', sdk.journal));

  afterAll(async () => {
    await sdk.close();
    await fixture.close();
  });

  /** Every message of a call that is streamed. */
  async function streamed(name: string, args: object = {}) {
    const params = { name, arguments: args as Record<string, unknown> };
    const task = { task: { ttl: 60_000 } };
    const messages = [];
    for await (const message of sdk.tasks.callToolStream(params, CallToolResultSchema, task)) {
      messages.push(message);
    }
    return messages;
  }

  it('calls a tool as a task, follows it, and fetches and lists it', async () => {
    const messages = await streamed('slow_compute', { seconds: 0.1, label: 'it' });
    const [created] = messages;
    if (created?.type !== 'taskCreated') throw new Error('no task was created');
    expect(created.task).toMatchObject({ status: 'working', ttl: 60_000 });
    expect(messages.slice(1, -1).map(({ type }) => type)).toContain('taskStatus');
    const content = [{ type: 'text', text: 'done it' }];
    expect(messages.at(-1)).toMatchObject({ type: 'result', result: { content } });

    const { taskId } = created.task;
    expect(await sdk.tasks.getTask(taskId)).toMatchObject({ taskId, status: 'completed' });
    expect(await sdk.result(taskId)).toBe('done it');
    const { tasks } = await sdk.tasks.listTasks();
    expect(tasks).toContainEqual(expect.objectContaining({ taskId, status: 'completed' }));
  });

  it('cancels a task, once', async () => {
    const taskId = await sdk.start('slow_compute', { seconds: 60 });
    const waiting = sdk.result(taskId);
    const [cancelled] = await Promise.all([
      sdk.tasks.cancelTask(taskId),
      expect(waiting).rejects.toMatchObject({ code: -32_603 }),
    ]);
    expect(cancelled).toMatchObject({ taskId, status: 'cancelled' });
    await expect(sdk.tasks.cancelTask(taskId)).rejects.toMatchObject({ code: -32_602 });
  });

  it.each([
    ['failing_job', 'the job failed'],
    ['protocol_error_job', 'the job broke'],
  ])('learns from the status why %s failed', async (name, why) => {
    const messages = await streamed(name);
    expect(messages.at(-1)?.type).toBe('error');
    const statuses = messages.flatMap((each) => (each.type === 'taskStatus' ? [each.task] : []));
    expect(statuses.at(-1)).toMatchObject({ status: 'failed', statusMessage: why });
  });

  it('gets the result of a failed task, or the error that it ended with', async () => {
    const [failing, broken] = [
      await sdk.start('failing_job'),
      await sdk.start('protocol_error_job'),
    ];
    const result = await sdk.tasks.getTaskResult(failing, CallToolResultSchema);
    expect(result).toMatchObject({ isError: true, content: [{ text: 'the job failed' }] });
    await expect(sdk.result(broken)).rejects.toMatchObject({
      code: -32_603,
      message: expect.stringContaining('the job broke'),
    });
  });

  it('is asked inside a task', async () => {
    sdk.answer = accept({ confirm: true });
    const messages = await streamed('confirm_delete', { filename: 'a.txt' });
    const content = [{ type: 'text', text: 'Deleted a.txt' }];
    expect(messages.at(-1)).toMatchObject({ type: 'result', result: { content } });
  });

  it('is asked for two inputs at once', async () => {
    const { promise: bothAsked, resolve } = Promise.withResolvers<void>();
    let asked = 0;
    sdk.answer = async ({ message }) => {
      asked += 1;
      if (asked === 2) resolve();
      await bothAsked;
      return { action: 'accept', content: { ok: message === 'First?' } };
    };
    const taskId = await sdk.start('multi_input');
    expect(JSON.parse(await sdk.result(taskId))).toMatchObject({
      first: { content: { ok: true } },
      second: { content: { ok: false } },
    });
    expect(asked).toBe(2);
  });

  it('is asked in one stream only, and its first answer counts', async () => {
    const { promise: late, resolve: answerLate } = Promise.withResolvers<void>();
    sdk.answer = async () => {
      await late;
      return { action: 'decline' };
    };
    const taskId = await sdk.start('confirm_delete', { filename: 'b.txt' });
    const one = sdk.result(taskId);
    await until(() => sdk.asked(taskId).length === 1);
    const two = sdk.result(taskId);
    // The server has begun with the second stream once it answers what came after.
    expect(await sdk.tasks.getTask(taskId)).toMatchObject({ status: 'input_required' });
    const answer = { action: 'accept', content: { confirm: true } };
    const id = sdk.asked(taskId)[0]?.id;
    await sdk.transport.send({ jsonrpc: '2.0', id, result: answer });
    expect(await Promise.all([one, two])).toEqual(['Deleted b.txt', 'Deleted b.txt']);
    answerLate();
    expect(await sdk.result(taskId)).toBe('Deleted b.txt');
    expect(sdk.asked(taskId)).toHaveLength(1);
  });

  it('that cannot answer leaves the question open, and is asked again when it asks for the result again', async () => {
    sdk.answer = () => {
      throw new Error('nobody is there');
    };
    const taskId = await sdk.start('confirm_delete', { filename: 'c.txt' });
    const one = sdk.result(taskId);
    const refused = () =>
      sdk.journal.some(
        ({ by, message }) =>
          by === 'client' && 'error' in message && message.id === sdk.asked(taskId)[0]?.id,
      );
    await until(refused);
    expect(await sdk.tasks.getTask(taskId)).toMatchObject({ status: 'input_required' });
    sdk.answer = accept({ confirm: false });
    expect(await Promise.all([one, sdk.result(taskId)])).toEqual(['Kept c.txt', 'Kept c.txt']);
    expect(sdk.asked(taskId)).toHaveLength(2);
  });

  // On stdio the server goes with its client.
  if (way === 'stdio') return;

  it('is asked what another client was asked that has gone', async () => {
    const { promise: unanswered } = Promise.withResolvers<never>();
    const other = await Sdk1Client.connect(way, fixture);
    other.answer = () => unanswered;
    const taskId = await other.start('confirm_delete', { filename: 'd.txt' });
    const broken = other.result(taskId).catch(() => 'broken');
    await until(() => other.asked(taskId).length === 1);
    await other.close();
    expect(await broken).toBe('broken');
    sdk.answer = accept({ confirm: true });
    expect(await sdk.result(taskId)).toBe('Deleted d.txt');
  });
});
