import { createHash } from 'node:crypto';
import { type JsonObject, type JsonValue, TaskedError } from '@tasked/core';
import type { CallOnce } from '@tasked/dag-engine';
import { isObject } from '../is-object.ts';
import type { ObjectSchema } from '../tool-schema.ts';

/** Which calls of one caller are one run. */
export interface Unique {
  /** The arguments that must be alike. */
  readonly keys: readonly string[];
  /** For how long after its beginning a run stands for later calls, unless it failed or was cancelled. */
  readonly periodSecs: number;
}

/** Throws `invalid_input` for a rule that no call could follow. */
export function refuseUnique(
  { name, inputSchema }: { readonly name: string; readonly inputSchema: ObjectSchema },
  { keys, periodSecs }: Unique,
): void {
  const { properties } = inputSchema;
  const unknown = keys.filter((key) => properties !== undefined && !Object.hasOwn(properties, key));
  const flaw =
    keys.length === 0
      ? 'keys: name at least one argument'
      : unknown.length > 0
        ? `keys: it has no argument ${unknown.join(', ')}`
        : Number.isFinite(periodSecs) && periodSecs > 0
          ? null
          : 'periodSecs: a number above 0';
  if (flaw !== null) throw new TaskedError('invalid_input', `unique of the tool ${name}: ${flaw}`);
}

/** What makes a call of a tool the same as another one: the tool's name and the values of those arguments. */
export function onceFor(tool: string, { keys, periodSecs }: Unique, args: unknown): CallOnce {
  const given: JsonObject = isObject(args) ? args : {};
  const values = [...new Set(keys)].sort().map((key) => [key, sorted(given[key] ?? null)]);
  const hash = createHash('sha256').update(JSON.stringify(values)).digest('base64url');
  return { key: `tool:${tool}:${hash}`, periodMs: periodSecs * 1_000 };
}

/** The same JSON, whatever order its fields came in. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
