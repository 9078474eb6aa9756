import { isTaskedError, type Logger } from '@tasked/core';
import { errorAnswer } from '../error-answer.ts';
import type { AnsweredAtOnce } from './server-tool.ts';

/** Says why a call that was to be a task is none: as the result of the tool, and as a word for the protocol. */
export function couldNotBegin(error: unknown, tool: string, logger: Logger): AnsweredAtOnce {
  const code = isTaskedError(error) ? error.code : 'internal';
  return { kind: 'result', result: errorAnswer(error, tool, logger), code };
}
