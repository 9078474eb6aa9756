import { setImmediate as turn } from 'node:timers/promises';
import { Tasks } from '@tasked/core';
import { MemoryTaskStore } from '@tasked/store-memory';
import { expect } from 'vitest';
import { createToolServer, ownerOf, StandaloneTasks, serveToolsOverHttp } from '../../src/index.ts';
import { LEAK } from '../fuzz/wire.ts';
import { type Era, messagesIn, type RawAnswer, RawClient, type RawMessage } from '../raw-client.ts';
import type { Step } from './steps.ts';
import { isLive, legacyStatus, type ModelTask, newModelTask, openKeys, TO } from './task-model.ts';

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

const FORM = {
  method: 'elicitation/create',
  params: { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } },
};

const RESPONSES = { accept: { action: 'accept', content: {} }, roots: { roots: [] }, none: 42 };

/** What is thrown inside must not be told; what the work says of itself is. */
const INSIDE = new Error('disk I/O error at /var/lib/tasked/tasked.db');

/** Takes steps on a real server and on the model, and compares what each request is answered. */
export class Player {
  readonly #tasks = new Tasks(new MemoryTaskStore());
  readonly #clients: Readonly<Record<Era, RawClient>>;
  #models: readonly ModelTask[] = [];
  /** The JSON-RPC ids of questions, by task and key. */
  readonly #questions = new Map<string, string>();

  constructor() {
    const quiet = () => {};
    const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const server = createToolServer({
      info: { name: 'sequences', version: '1' },
      tools: [
        {
          name: 'job',
          description: 'A job.',
          inputSchema: { type: 'object' },
          taskSupport: 'required',
          call: () => Promise.reject(INSIDE),
          start: async (_, { owner }) => {
            const { id } = await this.#tasks.create(owner, { method: 'tools/call' });
            return { kind: 'task', taskId: id };
          },
        },
      ],
      tasks: { source: new StandaloneTasks(this.#tasks) },
      owner: ownerOf,
      logger,
    });
    const http = serveToolsOverHttp(server, { logger });
    this.#clients = {
      '2025-11-25': new RawClient(http, '2025-11-25'),
      '2026-07-28': new RawClient(http, '2026-07-28'),
    };
  }

  async play(step: Step): Promise<void> {
    switch (step.kind) {
      case 'start':
        return await this.#start(step);
      case 'list':
        return await this.#list(step);
      default: {
        const model = this.#models[step.task % this.#models.length];
        if (model !== undefined) await this.#playOn(model, step);
      }
    }
  }

  async #playOn(model: ModelTask, step: Exclude<Step, { kind: 'start' | 'list' }>): Promise<void> {
    switch (step.kind) {
      case 'workAsks':
        return await this.#workAsks(model);
      case 'workEnds':
        return await this.#workEnds(model, step.how);
      case 'get':
        return await this.#get(model, step);
      case 'cancel':
        return await this.#cancel(model, step);
      case 'update':
        return await this.#update(model, step);
      case 'result':
        return await this.#result(model, step.owner);
      case 'answer':
        return await this.#answer(model, step);
    }
  }

  async #start({ era, owner }: StepOf<'start'>): Promise<void> {
    const { result } = await this.#ask(era, 'tools/call', { name: 'job', task: {} }, owner);
    const task = era === '2025-11-25' ? result.task : result;
    expect(task.status).toBe('working');
    this.#models = [...this.#models, newModelTask(task.taskId, owner)];
  }

  async #list({ owner }: StepOf<'list'>): Promise<void> {
    const { result } = await this.#ask('2025-11-25', 'tasks/list', {}, owner);
    const listed = result.tasks.map(({ taskId, status }: RawMessage) => [taskId, status]).sort();
    const own = this.#models.filter((model) => model.owner === owner);
    expect(listed).toEqual(own.map((model) => [model.id, legacyStatus(model)]).sort());
  }

  async #workAsks(model: ModelTask): Promise<void> {
    const key = `input-${Object.keys(model.inputs).length}`;
    const asking = this.#tasks.requireInput(model.owner, model.id, { [key]: FORM });
    if (isLive(model)) await asking;
    else await expect(asking).rejects.toMatchObject({ code: 'illegal_transition' });
    this.#put(TO.asked(model, key));
  }

  async #workEnds(model: ModelTask, how: StepOf<'workEnds'>['how']): Promise<void> {
    const { owner, id } = model;
    const content = [{ type: 'text', text: 'so it went' }];
    const isError = how === 'isError';
    const ending =
      how === 'error'
        ? this.#tasks.fail(owner, id, { code: -32_000, message: 'so it went' })
        : this.#tasks.complete(owner, id, { content, ...(isError && { isError }) });
    if (isLive(model)) await ending;
    else await expect(ending).rejects.toMatchObject({ code: 'illegal_transition' });
    this.#put(how === 'error' ? TO.failed(model) : TO.completed(model, isError));
  }

  async #get(model: ModelTask, { era, owner }: StepOf<'get'>): Promise<void> {
    const message = await this.#ask(era, 'tasks/get', { taskId: model.id }, owner);
    if (owner !== model.owner) return expectUnknown(message);
    if (era === '2025-11-25') {
      expect(message.result.status).toBe(legacyStatus(model));
      return;
    }
    const { status, inputRequests, result, error } = message.result;
    expect(status).toBe(model.status);
    const asked = model.status === 'input_required' ? openKeys(model).toSorted() : undefined;
    expect(inputRequests && Object.keys(inputRequests).sort()).toEqual(asked);
    expect(result !== undefined).toBe(model.status === 'completed');
    expect(error !== undefined).toBe(model.status === 'failed');
  }

  async #cancel(model: ModelTask, { era, owner }: StepOf<'cancel'>): Promise<void> {
    const message = await this.#ask(era, 'tasks/cancel', { taskId: model.id }, owner);
    if (owner !== model.owner) return expectUnknown(message);
    if (era === '2026-07-28') expect(message.result.resultType).toBe('complete');
    else if (isLive(model)) expect(message.result.status).toBe('cancelled');
    else expect(message.error.code).toBe(-32_602);
    this.#put(TO.cancelled(model));
  }

  async #update(model: ModelTask, { owner, input, shape }: StepOf<'update'>): Promise<void> {
    const key = keyOf(model, input);
    const params = { taskId: model.id, inputResponses: { [key]: RESPONSES[shape] } };
    const message = await this.#ask('2026-07-28', 'tasks/update', params, owner);
    // What is no response at all is refused before anybody looks for the task.
    if (shape === 'none') return expect(message.error.code).toBe(-32_602);
    if (owner !== model.owner) return expectUnknown(message);
    if (shape === 'roots' && isLive(model) && model.inputs[key] === 'open') {
      return expect(message.error.code).toBe(-32_602);
    }
    expect(message.result.resultType).toBe('complete');
    this.#put(TO.answered(model, key));
  }

  async #result(model: ModelTask, owner: string): Promise<void> {
    if (owner === model.owner && model.status === 'working') return;
    if (owner === model.owner && isLive(model)) return await this.#readQuestions(model);
    const message = await this.#ask('2025-11-25', 'tasks/result', { taskId: model.id }, owner);
    if (owner !== model.owner) return expectUnknown(message);
    if (model.status === 'completed') {
      expect(message.result).toMatchObject({ content: [{ text: 'so it went' }] });
      expect(message.result.isError === true).toBe(model.isError);
      return;
    }
    const error = { failed: [-32_000, 'so it went'], cancelled: [-32_603, 'cancelled'] };
    expect([message.error.code, message.error.message]).toEqual(error[model.status as 'failed']);
  }

  /** Asks for the result of a task that waits, until every question has come, and goes away. */
  async #readQuestions(model: ModelTask): Promise<void> {
    const client = this.#clients['2025-11-25'];
    const response = await client.open(
      'tasks/result',
      { taskId: model.id },
      { owner: model.owner },
    );
    const body = response.body as ReadableStream<Uint8Array>;
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (messagesIn(text).length < openKeys(model).length) text += (await reader.read()).value;
    await reader.cancel();
    expect(text).not.toMatch(LEAK);
    const keys = messagesIn(text).map(({ id }) => {
      const key = Buffer.from(id.split(':')[2], 'base64url').toString();
      this.#questions.set(`${model.id} ${key}`, id);
      return key;
    });
    expect(keys.sort()).toEqual(openKeys(model).toSorted());
    // Until the server has noticed, its questions are not asked in another stream.
    for (let turns = 0; turns < 20; turns++) await turn();
  }

  async #answer(model: ModelTask, { owner, input, shape }: StepOf<'answer'>): Promise<void> {
    const key = keyOf(model, input);
    const id = this.#questions.get(`${model.id} ${key}`);
    if (id === undefined) return;
    const reply =
      shape === 'none' ? { error: { code: -1, message: 'no' } } : { result: RESPONSES[shape] };
    expect(await this.#clients['2025-11-25'].answer({ id, ...reply }, owner)).toBe(202);
    if (owner === model.owner && shape === 'accept') this.#put(TO.answered(model, key));
  }

  async #ask(era: Era, method: string, params: object, owner: string): Promise<RawMessage> {
    const { body, message }: RawAnswer = await this.#clients[era].ask(method, params, { owner });
    expect(body).not.toMatch(LEAK);
    return message;
  }

  #put(next: ModelTask): void {
    this.#models = this.#models.map((model) => (model.id === next.id ? next : model));
  }
}

function keyOf({ inputs }: ModelTask, place: number | null): string {
  const keys = Object.keys(inputs);
  return (place === null ? undefined : keys[place % keys.length]) ?? 'never-asked';
}

function expectUnknown({ error }: RawMessage): void {
  expect(error).toMatchObject({
    code: -32_602,
    message: expect.stringMatching(/^there is no task /),
  });
}
