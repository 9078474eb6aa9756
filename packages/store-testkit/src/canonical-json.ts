import type { JsonObject, JsonValue } from '@tasked/core';

/**
 * The JSON text of a value with its keys sorted. Two values are the same to JSON exactly when their
 * canonical texts are: keys such as `__proto__` count, the order of keys and the sign of zero do not.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson((value as JsonObject)[key] ?? null)}`);
  return `{${fields.join(',')}}`;
}

function isArray(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
