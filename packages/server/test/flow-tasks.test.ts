import { type Outcome, Tasks } from '@tasked/core';
import { silentLogger } from '@tasked/dag-engine';
import { MemoryTaskStore } from '@tasked/store-memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTaskedHttp, type TaskedTasksOptions } from '../src/index.ts';
import { ERAS, type Era, messagesIn, RawClient } from './raw-client.ts';
import { fails, gate, type Script, until, Workbench } from './workbench.ts';

const ANN = { owner: 'ann' };

const FORM = {
  method: 'elicitation/create',
  params: { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } },
};

const YES = { action: 'accept', content: { sure: true } };

/** Asks until it is answered, and gives the answer. */
const asks: Script = ({ resume }): Outcome => {
  const sure = resume.answers.sure;
  return sure === undefined
    ? { kind: 'waiting', inputRequests: { sure: FORM } }
    : { kind: 'succeeded', output: sure };
};

function clientOf(bench: Workbench, era: Era, tasks: TaskedTasksOptions = {}): RawClient {
  const quiet = () => {};
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const { flows, logs } = bench;
  return new RawClient(createTaskedHttp({ flows, logs, logger, version: '1', tasks }), era);
}

describe.each(ERAS)('flows as tasks of %s', (era) => {
  const isLegacy = era === '2025-11-25';
  let opened: ReturnType<typeof gate>;
  let bench: Workbench;
  let client: RawClient;

  beforeEach(async () => {
    opened = gate();
    bench = new Workbench({ build: opened.script, broken: fails, asks });
    client = clientOf(bench, era);
    await bench.runner.start();
  });

  const call = (...ids: readonly string[]) => ({
    name: 'tasked_submit_flow',
    arguments: { tasks: ids.map((id) => ({ id, executor: 'script' })) },
    ...(isLegacy && { task: {} }),
  });

  async function submit(...ids: readonly string[]): Promise<string> {
    const { result } = (await client.ask('tools/call', call(...ids), ANN)).message;
    return isLegacy ? result.task.taskId : result.taskId;
  }

  async function get(taskId: string) {
    return (await client.ask('tasks/get', { taskId }, ANN)).message.result;
  }

  /** The result that the submission would have had, once the flow has ended. */
  async function resultOf(taskId: string) {
    if (isLegacy) return (await client.ask('tasks/result', { taskId }, ANN)).message.result;
    await until(async () => (await get(taskId)).result !== undefined);
    return (await get(taskId)).result;
  }

  it('have the id of the flow, tell how far it is, and end with what submitting it answered', async () => {
    const taskId = await submit('quick', 'build');
    await until(async () => (await get(taskId)).statusMessage === '1/2 done, running build');
    expect(await get(taskId)).toMatchObject({ status: 'working' });
    opened.open();
    const { structuredContent } = await resultOf(taskId);
    expect(structuredContent).toEqual({
      flow_id: taskId,
      queue: 'default',
      state: 'succeeded',
      task_count: 2,
      next: expect.stringContaining('succeeded'),
    });
    const plain = { ...call('quick'), task: undefined };
    const { message } = await client.ask('tools/call', plain, { ...ANN, capabilities: {} });
    expect(Object.keys(message.result.structuredContent)).toEqual(Object.keys(structuredContent));
  });

  it('tell when a task of theirs started or ended last', async () => {
    const stamp = () => new Date(bench.clock.now()).toISOString();
    const changedAt = async () => (await get(taskId)).lastUpdatedAt;
    const taskId = await submit('build', 'asks');
    await until(async () => (await get(taskId)).status === 'input_required');
    const started = stamp();
    await bench.clock.advance(5_000);
    expect(await changedAt()).toBe(started);
    opened.open();
    await until(async () => (await bench.flows.getTask(taskId, 'build', 'ann')).endedAt !== null);
    expect(await changedAt()).toBe(stamp());
    await bench.clock.advance(5_000);
    await bench.flows.cancel(taskId, 'ann');
    expect(await changedAt()).toBe(stamp());
  });

  it('of many tasks are not read whole to be shown', async () => {
    const taskId = await submit('build', ...Array.from({ length: 50 }, (_, nr) => `t${nr}`));
    await bench.clock.advance(5_000);
    await until(async () => (await get(taskId)).statusMessage === '50/51 done, running build');
    const { createdAt, lastUpdatedAt } = await get(taskId);
    expect(lastUpdatedAt).toBe(createdAt);
  });

  it('are waited for in so many calls at once, and no more', async () => {
    const { flows, logs } = bench;
    const logger = silentLogger;
    const server = createTaskedHttp({ flows, logs, logger, version: '1', maxHeldCalls: 1 });
    const narrow = new RawClient(server, era);
    const flow_id = await submit('build');
    const wait = { name: 'tasked_flow_status', arguments: { flow_id, wait_secs: 20 } };
    const ask = async (params: object, owner = ANN) =>
      (await narrow.ask('tools/call', params, owner)).message.result;
    const waiting = ask(wait);
    let refused = await ask(wait, ANN);
    // Whichever came first is held; the other one is told.
    expect(refused).toMatchObject({ isError: true });
    expect(JSON.parse(refused.content[0].text).error).toMatchObject({
      code: 'limit_exceeded',
      limit: 'maxHeldCalls',
      max: 1,
    });
    const plainly = { ...wait, arguments: { flow_id } };
    expect((await ask(plainly)).structuredContent.state).toBe('running');
    if (isLegacy) {
      const { error } = (await narrow.ask('tasks/result', { taskId: flow_id }, ANN)).message;
      expect(error).toMatchObject({ code: -32_602, data: { code: 'limit_exceeded' } });
    }
    opened.open();
    expect((await waiting).structuredContent.state).toBe('succeeded');
    refused = await ask(wait);
    expect(refused.structuredContent.state).toBe('succeeded');
  });

  it('tell why they failed', async () => {
    const taskId = await submit('broken');
    const { isError, content } = await resultOf(taskId);
    expect(isError).toBe(true);
    expect(JSON.parse(content[0].text).error).toMatchObject({ code: 'flow_failed' });
    expect(await get(taskId)).toMatchObject({
      status: isLegacy ? 'failed' : 'completed',
      statusMessage: 'exit_code: the command ended with exit code 1',
    });
  });

  it('are cancelled by cancelling the task', async () => {
    const taskId = await submit('build');
    const { result } = (await client.ask('tasks/cancel', { taskId }, ANN)).message;
    expect(isLegacy ? result.status : result.resultType).toBe(isLegacy ? 'cancelled' : 'complete');
    expect(await bench.flows.get(taskId, 'ann')).toMatchObject({ state: 'cancelled' });
    expect(await get(taskId)).toMatchObject({ status: 'cancelled' });
  });

  it('ask their client what they wait for, and go on with the answer', async () => {
    const taskId = await submit('asks');
    await until(async () => (await get(taskId)).status === 'input_required');
    if (isLegacy) {
      const { id, params } = await questionOf(taskId);
      expect(params).toMatchObject(FORM.params);
      await client.answer({ id, result: YES }, 'ann');
      await client.answer({ id, result: { action: 'decline' } }, 'ann');
    } else {
      expect((await get(taskId)).inputRequests).toEqual({ sure: FORM });
      for (const sure of [YES, { action: 'decline' }]) {
        await client.ask('tasks/update', { taskId, inputResponses: { sure } }, ANN);
      }
    }
    expect((await resultOf(taskId)).structuredContent).toMatchObject({ state: 'succeeded' });
    expect(await bench.flows.readOutput(taskId, 'asks', 'ann')).toEqual(YES);
  });

  async function questionOf(taskId: string) {
    const { body } = await client.open('tasks/result', { taskId }, ANN);
    const reader = (body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    let text = '';
    while (messagesIn(text).length === 0) text += (await reader.read()).value;
    await reader.cancel();
    return messagesIn(text)[0] as { id: string; params: object };
  }

  it('are none when nothing begins: what was wrong, or found sound, is told', async () => {
    const ask = async (more: object) =>
      (await client.ask('tools/call', { ...call(), arguments: more }, ANN)).message;
    const faulty = await ask({ tasks: [] });
    const checked = await ask({ tasks: [{ id: 'a', executor: 'script' }], validate_only: true });
    if (isLegacy) {
      expect(faulty.error).toMatchObject({ code: -32_602, message: /could not begin/ });
      expect(checked.error).toMatchObject({ code: -32_602, message: /was answered at once/ });
    } else {
      expect(faulty.result).toMatchObject({ resultType: 'complete', isError: true });
      expect(checked.result.structuredContent).toMatchObject({ valid: true });
    }
    expect(await bench.flows.list({ owner: 'ann', limit: 10 })).toEqual([]);
  });

  it('are no tasks where tasks are off', async () => {
    const off = clientOf(bench, era, { enabled: false });
    const { result } = (await off.ask('tools/list', {}, ANN)).message;
    expect(JSON.stringify(result)).not.toContain('taskSupport');
    const answer = (await off.ask('tools/call', call('quick'), ANN)).message;
    expect(answer.result.structuredContent).toMatchObject({ state: 'running' });
  });
});

it('flows and standalone tasks are listed together, newest first, by pages', async () => {
  const bench = new Workbench();
  const standalone = new Tasks(new MemoryTaskStore(), { clock: bench.clock });
  const client = clientOf(bench, '2025-11-25', { standalone });
  const made: string[] = [];
  for (let count = 0; count < 60; count++) {
    await bench.clock.advance(1);
    const spec = { tasks: [{ id: 'a', executor: 'script' }] };
    const flow = async () => (await bench.flows.submit(spec, 'ann')).flow;
    const task = () => standalone.create('ann', { method: 'tools/call' });
    made.unshift((await (count % 2 === 0 ? flow() : task())).id);
  }
  const page = async (params: object) =>
    (await client.ask('tasks/list', params, ANN)).message.result;
  const first = await page({});
  const second = await page({ cursor: first.nextCursor });
  const listed = [...first.tasks, ...second.tasks].map(({ taskId }) => taskId);
  expect(listed).toEqual(made);
  expect(first.tasks).toHaveLength(50);
  expect(second).not.toHaveProperty('nextCursor');
});
