import { type CallToolResult, ProtocolError } from '@modelcontextprotocol/server';
import {
  answeredInputs,
  type InputRequests,
  type InputResponses,
  isTerminal,
  type JsonObject,
  type Owner,
  type Task,
  type Tasks,
} from '@tasked/core';
import type { ServerTool, StartedCall } from '@tasked/server';

/** What a tool works with. */
interface Work {
  /** Aborts when the task is cancelled, or the caller of a plain call is gone. */
  readonly signal: AbortSignal;
  /** What the caller was asked before the task began. */
  readonly first: InputResponses;
  /** Asks the caller of a task, and waits for the answers. */
  ask(requests: InputRequests): Promise<InputResponses>;
}

/** A tool whose calls may be tasks that this process works on. */
interface WorkedTool extends Pick<ServerTool, 'name' | 'inputSchema' | 'taskSupport'> {
  /** What is asked before a task begins. */
  readonly first?: InputRequests;
  work(args: JsonObject, work: Work): Promise<CallToolResult>;
}

/** Tools on standalone tasks: how a server without an engine works on them. */
export class WorkedTools {
  readonly #tasks: Tasks;

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  tool({ work, first = {}, ...shown }: WorkedTool): ServerTool {
    return {
      ...shown,
      description: `${shown.name} of the conformance suite`,
      async call(args, { signal, inputResponses }) {
        const ask = () => Promise.reject(new ProtocolError(-32602, 'it asks: call it as a task'));
        return await work(args, { signal, first: inputResponses, ask });
      },
      start: async (args, { owner, inputResponses, ttlMs }): Promise<StartedCall> => {
        if (Object.keys(first).some((key) => !(key in inputResponses))) {
          return { kind: 'input', inputRequests: first };
        }
        const task = await this.#tasks.create(owner, {
          method: 'tools/call',
          toolName: shown.name,
          arguments: args,
          pollIntervalMs: 200,
          ...(ttlMs === null ? {} : { ttlMs }),
        });
        void this.#work(task, (around) => work(args, { ...around, first: inputResponses }));
        return { kind: 'task', taskId: task.id };
      },
    };
  }

  async #work(
    { id, owner }: Task,
    work: (around: Pick<Work, 'signal' | 'ask'>) => Promise<CallToolResult>,
  ): Promise<void> {
    const ended = new AbortController();
    const unsubscribe = this.#tasks.onTransition(({ task }) => {
      if (task.id === id && isTerminal(task.status)) ended.abort();
    });
    try {
      const ask = (requests: InputRequests) => this.#ask(owner, id, requests);
      const result = await work({ signal: ended.signal, ask });
      await this.#tasks.complete(owner, id, result as unknown as JsonObject);
    } catch (error) {
      if (ended.signal.aborted) return;
      const { code, message } =
        error instanceof ProtocolError ? error : { code: -32603, message: String(error) };
      await this.#tasks.fail(owner, id, { code, message });
    } finally {
      unsubscribe();
    }
  }

  async #ask(owner: Owner, id: string, requests: InputRequests): Promise<InputResponses> {
    const { promise: answered, resolve, reject } = Promise.withResolvers<InputResponses>();
    const unsubscribe = this.#tasks.onTransition(({ task }) => {
      if (task.id !== id || task.status === 'input_required') return;
      if (task.status === 'working') resolve(answeredInputs(task));
      else reject(new Error('the task has ended'));
    });
    try {
      await this.#tasks.requireInput(owner, id, requests);
      return await answered;
    } finally {
      unsubscribe();
    }
  }
}
