import { type AnswerInputs, encodeJson } from '@tasked/core';

/** The answers as JSON, in their order. Throws `invalid_input` for one that is none. */
export function encodeAnswers({ answers }: AnswerInputs): readonly string[] {
  return answers.map(({ key, answer }) => encodeJson(answer, `the answer to "${key}"`));
}
