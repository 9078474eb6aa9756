import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CancelTaskRequestSchema,
  ErrorCode,
  GetTaskPayloadRequestSchema,
  GetTaskRequestSchema,
  ListTasksRequestSchema,
  McpError,
  RELATED_TASK_META_KEY,
  type Request,
  type Result,
} from '@modelcontextprotocol/sdk/types.js';
import { decodeCursor, encodeCursor, isTaskedError, isTerminal, type Owner } from '@tasked/core';
import { type TaskSource, type TaskView, toLegacyTask } from '@tasked/server';
import { withSdkErrors } from '../sdk-error.ts';
import { type Extra, type Handler, handlerOf } from './below-server.ts';
import { callerOf, type DurableEngine, heldBy, waitingSignal } from './durable-engine.ts';
import type { Questions } from './questions.ts';

/** How many tasks a page of `tasks/list` has. */
const PAGE = 50;

/** Longest wait between two looks at a task whose result is waited for. */
const LOOK_EVERY_MS = 2_000;

/** What our cursors begin with, to tell them from those of the server's own store. */
const CURSOR = 'tasked:';

/** What the methods of tasks work on. */
export interface TaskMethods {
  readonly source: TaskSource;
  readonly engine: DurableEngine;
  readonly questions: Questions;
}

/** `tasks/get`, `tasks/result`, `tasks/cancel` and `tasks/list` beside those of the server's own store, if it has one. */
export function mountTaskMethods(server: Server, methods: TaskMethods): void {
  const { source, engine } = methods;
  const ownerOf = (extra: Extra) => callerOf(engine, extra).owner;
  const get = beside(server, 'tasks/get', async (id, extra) => ({
    ...toLegacyTask(await source.get(ownerOf(extra), id)),
  }));
  server.setRequestHandler(GetTaskRequestSchema, get);
  const cancel = beside(server, 'tasks/cancel', async (id, extra) => ({
    ...toLegacyTask(await source.cancel(ownerOf(extra), id)),
  }));
  server.setRequestHandler(CancelTaskRequestSchema, cancel);
  const result = beside(server, 'tasks/result', async (id, extra) =>
    resultOf(await ended(server, methods, { id, extra, owner: ownerOf(extra) })),
  );
  server.setRequestHandler(GetTaskPayloadRequestSchema, result);
  const others = handlerOf(server, 'tasks/list');
  if (engine.owner === '') return;
  server.setRequestHandler(ListTasksRequestSchema, async (request, extra) => {
    const cursor = request.params?.cursor;
    if (cursor !== undefined && others !== undefined && !cursor.startsWith(CURSOR)) {
      return await others(request, extra);
    }
    const page = await withSdkErrors(() => list(source, ownerOf(extra), cursor));
    if (page.nextCursor !== undefined || others === undefined) return page;
    // Theirs begin where ours end.
    const theirs = await others({ method: 'tasks/list' }, extra);
    return { ...theirs, tasks: [...page.tasks, ...(theirs.tasks as typeof page.tasks)] };
  });
}

/** Answers for tasks of ours, and leaves the others to whoever answered for them before. */
function beside(
  server: Server,
  method: string,
  answer: (taskId: string, extra: Extra) => Promise<Result>,
) {
  const others = handlerOf(server, method);
  return (request: TaskRequest, extra: Extra): Promise<Result> =>
    withSdkErrors(async () => {
      try {
        return await answer(request.params.taskId, extra);
      } catch (error) {
        if (others === undefined || !isNotFound(error)) throw error;
        return await (others as Handler)(request, extra);
      }
    });
}

type TaskRequest = Request & { readonly params: { readonly taskId: string } };

interface Wanted {
  readonly id: string;
  readonly extra: Extra;
  readonly owner: Owner;
}

/** The task once it has ended; asks meanwhile. */
async function ended(
  server: Server,
  { source, engine, questions }: TaskMethods,
  { id, extra, owner }: Wanted,
): Promise<TaskView> {
  const first = await source.get(owner, id);
  if (isTerminal(first.status)) return first;
  return await heldBy(engine).hold(owner, async () => {
    const stream = questions.stream({ server, extra, owner });
    const signal = waitingSignal(engine, extra);
    try {
      let view = first;
      while (!isTerminal(view.status)) {
        if (signal.aborted) throw notYet(id);
        stream.ask(view);
        view = await source.wait(owner, view, { timeoutMs: LOOK_EVERY_MS, signal });
      }
      return view;
    } finally {
      stream.end();
    }
  });
}

/** What the request would have answered, or thrown, if it had not been a task. */
function resultOf({ id, outcome }: TaskView): Result {
  switch (outcome?.kind) {
    case 'result': {
      const { _meta, ...result } = outcome.result;
      const related = { [RELATED_TASK_META_KEY]: { taskId: id } };
      return { ...result, _meta: { ...(_meta as object | undefined), ...related } };
    }
    case 'error': {
      const { code, message, data } = outcome.error;
      throw McpError.fromError(code, message, data);
    }
    default:
      throw new McpError(ErrorCode.InternalError, 'cancelled');
  }
}

async function list(source: TaskSource, owner: Owner, cursor: string | undefined) {
  if (owner === '') throw new McpError(ErrorCode.MethodNotFound, 'tasks/list: authenticate first');
  const after = cursor === undefined ? undefined : placeOf(cursor);
  const views = await source.list(owner, { limit: PAGE + 1, ...(after && { after }) });
  const shown = views.slice(0, PAGE);
  const last = shown.at(-1);
  const isMore = views.length > PAGE && last !== undefined;
  return {
    tasks: shown.map(toLegacyTask),
    ...(isMore ? { nextCursor: `${CURSOR}${encodeCursor(last)}` } : {}),
  };
}

function placeOf(cursor: string) {
  const place = cursor.startsWith(CURSOR) ? decodeCursor(cursor.slice(CURSOR.length)) : null;
  if (place !== null) return place;
  throw new McpError(ErrorCode.InvalidParams, 'the cursor is none of ours: begin without one');
}

function notYet(taskId: string): McpError {
  const message = `the server is about to stop; task ${taskId} goes on: ask for its result again`;
  return new McpError(ErrorCode.InternalError, message);
}

function isNotFound(error: unknown): boolean {
  return isTaskedError(error) && error.code === 'not_found';
}
