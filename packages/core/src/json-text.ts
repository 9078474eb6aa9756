import { TaskedError } from './errors.ts';
import type { JsonValue } from './json.ts';

/**
 * The text under which a store keeps a JSON value, so that nobody outside can change what is inside.
 * Throws `invalid_input` for what JSON cannot carry; `what` says whose value it is.
 */
export function encodeJson(value: JsonValue, what: string): string {
  const text = stringify(value, what);
  if (text !== undefined) return text;
  throw new TaskedError('invalid_input', `${what} is not a JSON value`);
}

/** The value again, a new one at every call. */
export function decodeJson<Value extends JsonValue>(text: string): Value {
  return JSON.parse(text) as Value;
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
