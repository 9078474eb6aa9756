import {
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { decodeCursor, encodeCursor, isTerminal, type Owner } from '@tasked/core';
import { z } from 'zod';
import type { TaskView } from '../tasks/task-view.ts';
import { progressReporter } from './progress-reporter.ts';
import { rpcError } from './rpc-error.ts';
import { taskParams, taskResult } from './task-params.ts';
import type { TaskWire } from './task-wire.ts';
import { RELATED_TASK } from './tasks-extension.ts';
import { toLegacyTask } from './to-legacy-task.ts';

/** How many tasks a page of `tasks/list` has. */
const PAGE = 50;

/** Longest wait between two looks at a task whose result is waited for. */
const LOOK_EVERY_MS = 2_000;

const listParams = z.looseObject({ cursor: z.string().optional() });

/** Who is nobody in particular would see what others, who are nobody either, have. */
export function canList(owner: Owner): boolean {
  return owner !== '';
}

/** `tasks/get`, `tasks/result`, `tasks/cancel` and, where declared, `tasks/list` of protocol 2025-11-25. */
export function mountLegacyTaskMethods(server: Server, owner: Owner, wire: TaskWire): void {
  const { source, logger } = wire;
  const params = { params: taskParams, result: taskResult };
  const guarded = async <Result>(method: string, answer: () => Promise<Result>) => {
    try {
      return await answer();
    } catch (error) {
      throw rpcError(error, method, logger);
    }
  };
  server.setRequestHandler('tasks/get', params, ({ taskId }) =>
    guarded('tasks/get', async () => ({ ...toLegacyTask(await source.get(owner, taskId)) })),
  );
  server.setRequestHandler('tasks/cancel', params, ({ taskId }) =>
    guarded('tasks/cancel', async () => ({ ...toLegacyTask(await source.cancel(owner, taskId)) })),
  );
  server.setRequestHandler('tasks/result', params, ({ taskId }, context) =>
    guarded('tasks/result', async () => {
      const view = await source.get(owner, taskId);
      if (isTerminal(view.status)) return resultOf(view);
      const held = { server, owner, context, wire };
      return resultOf(await wire.held.hold(owner, () => ended(view, held)));
    }),
  );
  if (!canList(owner)) return;
  server.setRequestHandler('tasks/list', { params: listParams, result: taskResult }, ({ cursor }) =>
    guarded('tasks/list', async () => {
      const after = cursor === undefined ? undefined : placeOf(cursor);
      const page = { limit: PAGE + 1, ...(after && { after }) };
      const views = await source.list(owner, page);
      const shown = views.slice(0, PAGE);
      const last = shown.at(-1);
      const nextCursor = views.length > PAGE && last ? { nextCursor: encodeCursor(last) } : {};
      return { tasks: shown.map(toLegacyTask), ...nextCursor };
    }),
  );
}

interface HeldRequest {
  readonly server: Server;
  readonly owner: Owner;
  readonly context: ServerContext;
  readonly wire: TaskWire;
}

/** The task once it has ended; asks meanwhile. */
async function ended(
  first: TaskView,
  { server, owner, context, wire }: HeldRequest,
): Promise<TaskView> {
  const { source, logger, stopping } = wire;
  const questions = wire.questions.stream({ server, context, owner });
  const report = progressReporter(context, logger);
  try {
    const signal = AbortSignal.any([context.mcpReq.signal, stopping]);
    let view = first;
    for (let looks = 1; !isTerminal(view.status); looks += 1) {
      if (signal.aborted) throw notYet(view.id);
      await questions.ask(view);
      view = await source.wait(owner, view, { timeoutMs: LOOK_EVERY_MS, signal });
      // Also when nothing is new: clients that wait as long as there is progress go on waiting.
      report?.({ progress: looks, ...(view.statusMessage && { message: view.statusMessage }) });
    }
    return view;
  } finally {
    questions.end();
  }
}

/** What the request would have answered, or thrown, if it had not been a task. */
function resultOf({ id, outcome }: TaskView): Record<string, unknown> {
  if (outcome?.kind === 'result') {
    const { _meta, ...result } = outcome.result;
    return {
      ...result,
      _meta: { ...(_meta as object | undefined), [RELATED_TASK]: { taskId: id } },
    };
  }
  if (outcome?.kind === 'error') {
    const { code, message, data } = outcome.error;
    throw new ProtocolError(code, message, data);
  }
  throw new ProtocolError(ProtocolErrorCode.InternalError, 'cancelled');
}

function notYet(taskId: string): ProtocolError {
  const message = `the server is about to stop; task ${taskId} goes on: ask for its result again`;
  return new ProtocolError(ProtocolErrorCode.InternalError, message);
}

function placeOf(cursor: string) {
  const place = decodeCursor(cursor);
  if (place !== null) return place;
  const message = 'the cursor is none of ours: begin without one';
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
