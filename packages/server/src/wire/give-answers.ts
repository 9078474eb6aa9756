import { isSpecType } from '@modelcontextprotocol/server';
import {
  type InputResponses,
  type JsonObject,
  type JsonValue,
  type Owner,
  TaskedError,
  type TaskId,
} from '@tasked/core';
import type { TaskSource } from '../tasks/task-source.ts';

/** Answers to give, and to which task. */
export interface GivenAnswers {
  readonly taskId: TaskId;
  readonly responses: InputResponses;
}

/**
 * Gives a task answers to what is outstanding; others are ignored. Throws `invalid_input`, and accepts none, when one
 * of them is not what its request asks for, `not_found` when the owner has no such task.
 */
export async function giveAnswers(
  source: TaskSource,
  owner: Owner,
  { taskId, responses }: GivenAnswers,
): Promise<void> {
  const { inputRequests } = await source.get(owner, taskId);
  for (const [key, response] of Object.entries(responses)) {
    const request = inputRequests[key];
    if (request === undefined || isAnswerTo(request, response)) continue;
    const message = `inputResponses.${key} is not the result of ${String(request.method)}: answer with one`;
    throw new TaskedError('invalid_input', message);
  }
  await source.answerInput(owner, taskId, responses);
}

function isAnswerTo({ method }: JsonObject, response: JsonValue): boolean {
  switch (method) {
    case 'elicitation/create':
      return isSpecType.ElicitResult(response);
    case 'sampling/createMessage':
      return isSpecType.CreateMessageResult(response);
    case 'roots/list':
      return isSpecType.ListRootsResult(response);
    default:
      return true;
  }
}
