import { TaskedError, type TaskId, Tasks } from '@tasked/core';
import { MemoryTaskStore } from '@tasked/store-memory';
import { FakeClock } from '@tasked/store-testkit';
import { z } from 'zod';
import { durableServerTools } from '../../src/durable/durable-server-tool.ts';
import {
  createToolServer,
  durableTool,
  ownerOf,
  type ServerTool,
  StandaloneTasks,
  serveToolsOverHttp,
  type TaskSupport,
} from '../../src/index.ts';
import { type Era, RawClient } from '../raw-client.ts';

const HOUR_MS = 3_600_000;

/** Whose the tasks are that a row is about, unless it says otherwise. */
export const ANN = 'ann';

/** The question that a task asks which waits. */
const QUESTION = {
  method: 'elicitation/create',
  params: { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } },
};

const lost = durableTool({
  name: 'lost',
  description: 'lost',
  inputSchema: z.object({}),
  run: () => null,
});

/** Tasks in every state, small limits, and clients of an era to ask about them. */
export class ErrorBench {
  readonly client: RawClient;
  /** The same, where tasks are off. */
  readonly clientWithoutTasks: RawClient;
  /** The same, where no call may wait. */
  readonly clientThatMayNotWait: RawClient;
  readonly era: Era;
  readonly store = new MemoryTaskStore();
  readonly #clock = new FakeClock();
  readonly #tasks = new Tasks(this.store, {
    clock: this.#clock,
    maxPayloadBytes: 2_000,
    maxTasksPerOwner: 5,
  });

  constructor(era: Era) {
    this.era = era;
    const tasks = { source: new StandaloneTasks(this.#tasks) };
    this.client = new RawClient(this.#serve(tasks), era);
    this.clientThatMayNotWait = new RawClient(this.#serve(tasks, 0), era);
    this.clientWithoutTasks = new RawClient(this.#serve(null), era);
  }

  async live(owner = ANN): Promise<TaskId> {
    return (await this.#tasks.create(owner, { method: 'tools/call' })).id;
  }

  async ended(): Promise<TaskId> {
    const id = await this.live();
    await this.#tasks.complete(ANN, id, { content: [] });
    return id;
  }

  async cancelled(): Promise<TaskId> {
    const id = await this.live();
    await this.#tasks.cancel(ANN, id);
    return id;
  }

  /** One that waits for the input `sure`. */
  async asking(): Promise<TaskId> {
    const id = await this.live();
    await this.#tasks.requireInput(ANN, id, { sure: QUESTION });
    return id;
  }

  /** Gives the task of that id the answer, and ends it. */
  async answered(id: TaskId): Promise<TaskId> {
    await this.#tasks.answerInput(ANN, id, { sure: { action: 'decline' } });
    return id;
  }

  /** Ends the task of that id, and lets its time pass. */
  async over(id: TaskId): Promise<TaskId> {
    await this.#tasks.cancel(ANN, id);
    await this.#clock.advance(25 * HOUR_MS);
    return id;
  }

  /** What a task is like, to see whether something changed it. */
  async record(id: TaskId): Promise<string> {
    return JSON.stringify(await this.store.getTask(id, ANN));
  }

  #serve(tasks: { readonly source: StandaloneTasks } | null, maxHeldCalls?: number) {
    const quiet = () => {};
    const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const flows = Promise.reject(new TaskedError('unavailable', 'ECONNREFUSED db.internal:5432'));
    flows.catch(quiet);
    const server = createToolServer({
      info: { name: 'errors', version: '1' },
      tools: [
        this.#tool('free', 'forbidden'),
        this.#tool('job', 'optional'),
        this.#tool('must', 'required'),
        ...durableServerTools([lost], { flows, logger }),
      ],
      ...(tasks === null ? {} : { tasks }),
      ...(maxHeldCalls === undefined ? {} : { maxHeldCalls }),
      owner: ownerOf,
      logger,
    });
    return serveToolsOverHttp(server, { logger, maxBodyBytes: 10_000 });
  }

  #tool(name: string, taskSupport: TaskSupport): ServerTool {
    return {
      name,
      description: name,
      inputSchema: { type: 'object' },
      taskSupport,
      call: async () => ({ content: [{ type: 'text', text: 'answered plainly' }] }),
      start: async (args, { owner }) => {
        const call = { method: 'tools/call', toolName: name, arguments: args };
        return { kind: 'task', taskId: (await this.#tasks.create(owner, call)).id };
      },
    };
  }
}
