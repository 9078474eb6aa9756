import type { JsonValue } from '@tasked/core';

const MAX_CHARS = 120;

/** A value as a fault shows it: as it is when short, else the beginning of its text. */
export function shown(value: JsonValue | undefined): JsonValue {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length <= MAX_CHARS) return value;
  return `${text.slice(0, MAX_CHARS)}… (${text.length} characters)`;
}
