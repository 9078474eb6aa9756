import type { Server, ServerContext } from '@modelcontextprotocol/server';
import type { InputResponses, Owner } from '@tasked/core';
import { isTaskedError } from '@tasked/core';
import { z } from 'zod';
import { acceptedBy } from './input-kinds.ts';
import { rpcError } from './rpc-error.ts';
import { taskParams, taskResult } from './task-params.ts';
import type { TaskWire } from './task-wire.ts';
import { declaredCapabilities, declaresTasks, missingTasksExtension } from './tasks-extension.ts';
import { toDetailedModernTask } from './to-modern-task.ts';

const updateParams = taskParams.extend({
  inputResponses: z.record(z.string(), z.unknown()).optional(),
});

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
  server.setRequestHandler(
    'tasks/update',
    { params: updateParams, result: taskResult },
    ({ taskId, inputResponses }, context) =>
      guarded(context, async () => {
        // The SDK lifts them out of the parameters.
        const responses = context.mcpReq.inputResponses ?? inputResponses ?? {};
        await source.answerInput(owner, taskId, responses as InputResponses);
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
