import type {
  CreateTaskOptions,
  TaskStore as SdkTaskStore,
} from '@modelcontextprotocol/sdk/experimental/tasks';
import {
  ErrorCode,
  McpError,
  type Request,
  type RequestId,
  type Result,
  type Task as SdkTask,
} from '@modelcontextprotocol/sdk/types.js';
import {
  isTaskedError,
  isTerminal,
  type JsonObject,
  type Owner,
  type Task,
  type Tasks,
} from '@tasked/core';
import { isGone } from './lost.ts';
import { withSdkErrors } from './sdk-error.ts';
import { FAILED_BY_RESULT, toSdkTask } from './to-sdk-task.ts';
import type { WatchedWorkers } from './watched-workers.ts';
import type { Worker } from './worker.ts';
import { workedOnBy } from './worker-record.ts';

/** How many tasks a page of `tasks/list` has. */
const PAGE = 50;

/** What a store of tasks is made of. */
export interface TaskStoreParts {
  readonly tasks: Tasks;
  readonly owner: Owner;
  readonly worker: Worker;
  readonly others: WatchedWorkers;
  readonly pollIntervalMs: number;
}

/**
 * A `TaskStore` of SDK 1.x on `Tasks`. What a method resolved with is as durable as the store below. Session ids are
 * not looked at. What the caller did wrong is thrown as -32602: an unknown id, a bad cursor, a change of a task
 * that has ended.
 */
export class DurableTaskStore implements SdkTaskStore {
  readonly #tasks: Tasks;
  readonly #owner: Owner;
  readonly #worker: Worker;
  readonly #others: WatchedWorkers;
  readonly #pollIntervalMs: number;

  constructor({ tasks, owner, worker, others, pollIntervalMs }: TaskStoreParts) {
    this.#tasks = tasks;
    this.#owner = owner;
    this.#worker = worker;
    this.#others = others;
    this.#pollIntervalMs = pollIntervalMs;
  }

  /**
   * Aborts when the task ends in another way than by its result: somebody cancelled or failed it, here at once, in
   * another process within `heartbeatMs`; or this process was taken for dead. Has aborted for a task that has ended and for
   * one that does not run in this process. For the handler that does the work.
   */
  signalOf(taskId: string): AbortSignal {
    return this.#worker.signalOf(taskId);
  }

  /**
   * A new task, `working`, whose handler runs in this process. Its time to live is counted from its creation; one that is
   * omitted, or too long, is what `Tasks` allows, and the task tells it.
   */
  createTask(
    { ttl, pollInterval = this.#pollIntervalMs, context }: CreateTaskOptions,
    _requestId: RequestId,
    { method, params }: Request,
  ): Promise<SdkTask> {
    return this.#guarded(async () => {
      const id = this.#tasks.generateId();
      const worker = await this.#worker.takeOn(id);
      try {
        const task = await this.#tasks.create(this.#owner, {
          id,
          method,
          toolName: typeof params?.name === 'string' ? params.name : null,
          arguments: (params?.arguments ?? {}) as JsonObject,
          metadata: { ...workedOnBy(worker), ...(context && { context: context as JsonObject }) },
          pollIntervalMs: pollInterval,
          ...(ttl === undefined ? {} : { ttlMs: ttl }),
        });
        return toSdkTask(task);
      } catch (error) {
        this.#worker.drop(id);
        throw error;
      }
    });
  }

  /** Null when there is none, it is over, or it belongs to somebody else. */
  getTask(taskId: string): Promise<SdkTask | null> {
    return this.#guarded(async () => {
      try {
        return toSdkTask(await this.#get(taskId));
      } catch (error) {
        if (isTaskedError(error) && error.code === 'not_found') return null;
        throw error;
      }
    });
  }

  /**
   * Ends a task. Throws for one that has ended, also for one that was cancelled meanwhile: the first end stays. A result that
   * cannot be stored (4 MiB, JSON) fails the task, and throws.
   */
  storeTaskResult(taskId: string, status: 'completed' | 'failed', result: Result): Promise<void> {
    return this.#guarded(async () => {
      const saysItself = result.isError === true;
      if (status === 'failed' && !saysItself) {
        await this.#tasks.update(this.#owner, taskId, { metadata: FAILED_BY_RESULT });
      }
      try {
        await this.#tasks.complete(this.#owner, taskId, result as JsonObject);
      } catch (error) {
        if (isTaskedError(error) && !isGone(error)) await this.#failWith(taskId, error.message);
        throw error;
      }
    });
  }

  /** The result, or what the request failed with, thrown; throws for a task that goes on. */
  getTaskResult(taskId: string): Promise<Result> {
    return this.#guarded(async () => {
      const { status, outcome } = await this.#get(taskId);
      switch (outcome?.kind) {
        case 'result':
          return outcome.result as Result;
        case 'error': {
          const { code, message, data } = outcome.error;
          throw McpError.fromError(code, message, data);
        }
        case 'cancelled':
          throw new McpError(ErrorCode.InternalError, `task ${taskId} was cancelled`);
        case undefined:
          throw new McpError(ErrorCode.InvalidParams, `task ${taskId} is ${status}: no result yet`);
      }
    });
  }

  /** Says more of a task, moves it, or ends it without a result; what completes it is a result. */
  updateTaskStatus(taskId: string, status: SdkTask['status'], message?: string): Promise<void> {
    return this.#guarded(async () => {
      const note = message === undefined || message === '' ? undefined : message;
      const before = await this.#get(taskId);
      // As in the SDK's own store: what was said before stays until something else is said.
      const kept = note ?? before.statusMessage ?? undefined;
      switch (status) {
        case 'cancelled':
          await this.#tasks.cancel(this.#owner, taskId, note);
          return;
        case 'failed':
          return await this.#failWith(taskId, kept ?? 'the request failed');
        case 'completed':
          throw new McpError(ErrorCode.InvalidParams, 'store a result to complete a task');
        case 'working':
        case 'input_required':
          if (status === before.status && !isTerminal(before.status)) {
            const amendment = note === undefined ? {} : { statusMessage: note };
            await this.#tasks.update(this.#owner, taskId, amendment);
          } else await this.#tasks.transition(this.#owner, taskId, { to: status }, kept);
      }
    });
  }

  /** The principal's tasks, newest first, fifty a page. */
  listTasks(cursor?: string): Promise<{ tasks: SdkTask[]; nextCursor?: string }> {
    return this.#guarded(async () => {
      const listing = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
      const { tasks, nextCursor } = await this.#tasks.list(this.#owner, listing);
      for (const task of tasks) this.#others.see(task);
      return { tasks: tasks.map(toSdkTask), ...(nextCursor === null ? {} : { nextCursor }) };
    });
  }

  /** Fails what still runs in this process as `worker_lost`, and looks after nothing any more. For the end of a process. */
  async close(): Promise<void> {
    this.#others.close();
    await this.#worker.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #get(taskId: string): Promise<Task> {
    const task = await this.#tasks.get(this.#owner, taskId);
    this.#others.see(task);
    return task;
  }

  async #failWith(taskId: string, message: string): Promise<void> {
    await this.#tasks.fail(this.#owner, taskId, { code: ErrorCode.InternalError, message });
  }

  #guarded<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#others.survey();
    return withSdkErrors(work);
  }
}
