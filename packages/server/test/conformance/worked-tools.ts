import { type CallToolResult, ProtocolError } from '@modelcontextprotocol/server';
import {
  answeredInputs,
  type InputRequests,
  type InputResponses,
  isTerminal,
  type JsonObject,
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
  /** Asks the caller of a task, and waits for the answers; what was asked before is not asked again. */
  ask(requests: InputRequests): Promise<InputResponses>;
}

/** A tool whose calls may be tasks that this process works on. */
interface WorkedTool extends Pick<ServerTool, 'name' | 'inputSchema' | 'taskSupport'> {
  /** What is asked before a task begins. */
  readonly first?: InputRequests;
  work(args: JsonObject, work: Work): Promise<CallToolResult>;
}

/** Where the record of a task keeps what was answered before it began. */
const FIRST = 'first';

/** How many tasks are looked at at once. */
const PAGE = 100;

/** Tools on standalone tasks: how a server without an engine works on them. */
export class WorkedTools {
  readonly #tasks: Tasks;
  readonly #tools = new Map<string, WorkedTool>();

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  tool(tool: WorkedTool): ServerTool {
    const { work, first = {}, ...shown } = tool;
    this.#tools.set(tool.name, tool);
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
          metadata: { [FIRST]: inputResponses },
          pollIntervalMs: 200,
          ...(ttlMs === null ? {} : { ttlMs }),
        });
        void this.#work(task, tool);
        return { kind: 'task', taskId: task.id };
      },
    };
  }

  /**
   * Works again on every task that a process left behind when it died, from the beginning: what was asked and answered
   * stands in its record. At most one process may do so at a time, since nothing says whose work a task is.
   */
  async resume(): Promise<void> {
    // All are found before the first one goes on, and moves from one list to the other.
    const live = [...(await this.#all('working')), ...(await this.#all('input_required'))];
    for (const task of live) {
      const tool = this.#tools.get(task.toolName ?? '');
      if (tool !== undefined) void this.#work(task, tool);
    }
  }

  async #all(status: 'working' | 'input_required'): Promise<readonly Task[]> {
    const found: Task[] = [];
    for (;;) {
      const after = found.at(-1);
      const query = { owner: null, status, limit: PAGE, ...(after && { after }) };
      const page = await this.#tasks.store.listTasks(query);
      found.push(...page);
      if (page.length < PAGE) return found;
    }
  }

  async #work(task: Task, { work }: WorkedTool): Promise<void> {
    const { id, owner } = task;
    const ended = new AbortController();
    const unsubscribe = this.#tasks.onTransition((change) => {
      if (isSame(change.task, task) && isTerminal(change.task.status)) ended.abort();
    });
    try {
      const ask = (requests: InputRequests) => this.#ask(task, requests);
      const first = task.metadata[FIRST] as InputResponses;
      const result = await work(task.arguments, { signal: ended.signal, first, ask });
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

  async #ask(task: Task, requests: InputRequests): Promise<InputResponses> {
    const { promise: answered, resolve, reject } = Promise.withResolvers<InputResponses>();
    const look = (now: Task) => {
      if (!isSame(now, task) || now.status === 'input_required') return;
      if (now.status === 'working') resolve(answeredInputs(now));
      else reject(new Error('the task has ended'));
    };
    const unsubscribe = this.#tasks.onTransition((change) => look(change.task));
    try {
      const { owner, id } = task;
      const { inputs } = await this.#tasks.get(owner, id);
      const fresh = Object.entries(requests).filter(([key]) => !Object.hasOwn(inputs, key));
      look(
        fresh.length > 0
          ? await this.#tasks.requireInput(owner, id, Object.fromEntries(fresh))
          : await this.#tasks.get(owner, id),
      );
      return await answered;
    } finally {
      unsubscribe();
    }
  }
}

function isSame(one: Task, other: Task): boolean {
  return one.id === other.id && one.owner === other.owner;
}
