import type { Server, ServerContext } from '@modelcontextprotocol/server';
import { type InputResponses, isTaskedError, type Owner, TaskedError } from '@tasked/core';
import { giveAnswers } from './give-answers.ts';
import { acceptedBy } from './input-kinds.ts';
import { rpcError } from './rpc-error.ts';
import { taskParams, taskResult } from './task-params.ts';
import type { TaskWire } from './task-wire.ts';
import { declaredCapabilities, declaresTasks, missingTasksExtension } from './tasks-extension.ts';
import { toDetailedModernTask } from './to-modern-task.ts';

/** `tasks/get`, `tasks/update` and `tasks/cancel` of the extension, protocol 2026-07-28. */
export function mountModernTaskMethods(server: Server, owner: Owner, wire: TaskWire): void {
  const { source, logger } = wire;
  const guarded = async <Result>(context: ServerContext, answer: () => Promise<Result>) => {
    try {
      if (!declaresTasks(context)) throw missingTasksExtension();
      return await answer();
    } catch (error) {
      throw rpcError(error, context.mcpReq.method, logger);
    }
  };
  const params = { params: taskParams, result: taskResult };
  server.setRequestHandler('tasks/get', params, ({ taskId }, context) =>
    guarded(context, async () => {
      const accepts = acceptedBy(declaredCapabilities(context));
      const view = await source.get(owner, taskId);
      return { resultType: 'complete', ...toDetailedModernTask(view, accepts) };
    }),
  );
  server.setRequestHandler('tasks/update', params, ({ taskId }, context) =>
    guarded(context, async () => {
      await giveAnswers(source, owner, { taskId, responses: responsesOf(context) });
      return { resultType: 'complete' };
    }),
  );
  server.setRequestHandler('tasks/cancel', params, ({ taskId }, context) =>
    guarded(context, async () => {
      try {
        await source.cancel(owner, taskId);
      } catch (error) {
        // Cancelling what has ended is acknowledged like any other.
        if (!isTaskedError(error) || error.code !== 'illegal_transition') throw error;
      }
      return { resultType: 'complete' };
    }),
  );
}

/** The SDK has lifted them out of the parameters, and left out what is no object. */
function responsesOf({ mcpReq }: ServerContext): InputResponses {
  const { inputResponses, droppedInputResponseKeys: [dropped] = [] } = mcpReq;
  if (inputResponses === undefined) {
    throw new TaskedError('invalid_input', 'inputResponses is missing: name answers by their keys');
  }
  if (dropped !== undefined) {
    throw new TaskedError(
      'invalid_input',
      `inputResponses.${dropped} is not the result of a request`,
    );
  }
  return inputResponses as InputResponses;
}
