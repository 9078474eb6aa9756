import { INPUT_KEY } from '@tasked/core';
import { measureJson } from './measure-json.ts';
import { isObject } from './spec/flow-spec.ts';

/** Most inputs that a task may ask for at once. */
const MAX_INPUTS = 32;

/** Largest input request, and largest answer, as UTF-8 bytes of compact JSON. */
export const MAX_INPUT_BYTES = 64 * 1024;

/** Says why nothing can be asked for in this way; null when it can. Whether a key is new is another matter. */
export function inputFlaw(requests: unknown): string | null {
  if (!isObject(requests)) return 'what it asks for is no object of requests by key';
  const all = Object.entries(requests as object);
  if (all.length === 0) return 'it waits for input and asks for nothing';
  if (all.length > MAX_INPUTS)
    return `it asks for ${all.length} inputs; at most ${MAX_INPUTS} at once`;
  for (const [key, request] of all) {
    if (!INPUT_KEY.test(key)) {
      const shown = JSON.stringify(key.slice(0, 80));
      return `the input key ${shown} is none: 1 to 128 letters, digits, "_", ".", ":" or "-"`;
    }
    if (!isObject(request)) return `the request of the input "${key}" is no object`;
    const measured = measureJson(request, MAX_INPUT_BYTES);
    if (measured.kind !== 'fits') return `the request of the input "${key}" ${measured.flaw}`;
  }
  return null;
}
