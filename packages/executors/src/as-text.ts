import type { JsonValue } from '@tasked/core';

/** Texts as they are, everything else as compact JSON; nothing for undefined. */
export function asText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}
