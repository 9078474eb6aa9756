import { inspect } from 'node:util';
import type { JsonValue } from '@tasked/core';

const MAX_CHARS = 100;

/** A value as a fault shows it: what is short as it is, what is long or no JSON as the beginning of a text. */
export function showValue(value: unknown): JsonValue {
  if (typeof value === 'string') return shorten(value);
  if (value === null || typeof value === 'boolean') return value;
  // JSON has no -0: adding 0 makes it 0.
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0;
  return shorten(
    inspect(value, {
      depth: 1,
      maxArrayLength: 5,
      maxStringLength: 50,
      breakLength: Infinity,
      customInspect: false,
    }),
  );
}

/** What kind of value it is, in the words of the messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : String(value);
  return typeof value;
}

/** The text, or its beginning and its length; well-formed in any case. */
export function shorten(text: string): string {
  const wellFormed = text.slice(0, MAX_CHARS).toWellFormed();
  return text.length <= MAX_CHARS ? wellFormed : `${wellFormed}… (${text.length} characters)`;
}
