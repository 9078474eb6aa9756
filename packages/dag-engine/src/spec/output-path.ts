import type { JsonObject, JsonValue } from '@tasked/core';
import { pathText } from './json-path.ts';
import { nearestOf } from './nearest.ts';
import { shorten } from './show-value.ts';

/** What lies at a path in an output, or why nothing does. */
export type Found =
  | { readonly kind: 'found'; readonly value: JsonValue }
  | { readonly kind: 'missing'; readonly why: string };

const KEYS_SHOWN = 20;
const INDEX = /^\d+$/;

/**
 * Follows `path` into an output. Only own keys of objects and indexes of lists count. `why` ends a
 * sentence and says what there is instead.
 */
export function followPath(output: JsonValue, path: readonly string[]): Found {
  let value = output;
  for (const [depth, step] of path.entries()) {
    const next = child(value, step);
    if (next === undefined) return { kind: 'missing', why: absence(value, path, depth) };
    value = next;
  }
  return { kind: 'found', value };
}

function child(value: JsonValue, step: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return INDEX.test(step) ? value[Number(step)] : undefined;
  return Object.hasOwn(value, step) ? (value as JsonObject)[step] : undefined;
}

function absence(value: JsonValue, path: readonly string[], depth: number): string {
  const step = shorten(path[depth] as string);
  const place =
    depth === 0 ? 'the output' : `\`${pathText(path.slice(0, depth).map(asIndex))}\` of the output`;
  if (typeof value === 'string') return `${place} is a text, which has no \`${step}\``;
  if (typeof value !== 'object' || value === null) {
    return `${place} is ${String(value)}, which has no \`${step}\``;
  }
  if (Array.isArray(value)) {
    return `${place} is a list of ${value.length}, numbered from 0, which has no \`${step}\``;
  }
  const keys = Object.keys(value);
  const near = nearestOf(keys)(path[depth] as string);
  const hint = near === undefined ? '' : ` (did you mean \`${shorten(near)}\`?)`;
  return `${place} has no \`${step}\`${hint}; it has ${listed(keys)}`;
}

function asIndex(step: string): string | number {
  return INDEX.test(step) ? Number(step) : step;
}

function listed(keys: readonly string[]): string {
  if (keys.length === 0) return 'no fields at all';
  const more = keys.length - KEYS_SHOWN;
  return keys.slice(0, KEYS_SHOWN).map(shorten).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
