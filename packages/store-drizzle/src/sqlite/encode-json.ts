import { type JsonValue, TaskedError } from '@tasked/core';

/** The text under which a JSON value is stored. Throws `invalid_input` for what JSON cannot carry. */
export function encodeJson(value: JsonValue, what: string): string {
  const text = stringify(value, what);
  if (text !== undefined) return text;
  throw new TaskedError('invalid_input', `${what} is not a JSON value`);
}

/** The type of `JSON.stringify` does not tell that it returns nothing for a function, say. */
function stringify(value: JsonValue, what: string): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new TaskedError('invalid_input', `${what} is not a JSON value: ${String(cause)}`, {
      cause,
    });
  }
}
