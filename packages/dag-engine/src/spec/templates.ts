import {
  type JsonObject,
  type JsonValue,
  type Reference,
  scanReferences,
  type TaskFailure,
} from '@tasked/core';
import { type Outputs, ReferencedValues } from './referenced-values.ts';
import { mayHoldReferences, visitTexts } from './visit-texts.ts';

export type { Outputs } from './referenced-values.ts';

/** A template with its values put in, or why that cannot be. */
export type Resolution<T> =
  | { readonly kind: 'resolved'; readonly value: T }
  | { readonly kind: 'unresolved'; readonly failure: TaskFailure };

/** The parts of a task that may hold references. */
export interface TaskTemplates {
  readonly config: JsonObject;
  readonly input: JsonValue;
  /** `Executor.rawFields`: fields of the config whose references stay in place. */
  readonly rawFields: readonly string[];
}

/** What an executor gets; see `AttemptContext`. */
export interface ResolvedTask {
  readonly config: JsonObject;
  readonly input: JsonValue;
  readonly references: ReadonlyMap<string, JsonValue>;
}

/** Every reference in the texts of `value`, in order, repeated as often as it occurs; keys hold none. */
export function collectReferences(value: JsonValue): readonly Reference[] {
  const references: Reference[] = [];
  visitTexts(value, {
    text: (text) => {
      if (!mayHoldReferences(text)) return;
      for (const reference of scanReferences(text).references) references.push(reference);
    },
  });
  return references;
}

/**
 * Puts outputs in place of references. A text that is one reference and nothing else becomes the value
 * with its JSON type; inside a longer text, texts are put in as they are and other values as compact
 * JSON. Every other `${…}` stays, and what was put in is never looked at again, so an output cannot
 * refer to anything. Parts without references are shared with `value`.
 */
export function resolveTemplate(value: JsonValue, outputs: Outputs): Resolution<JsonValue> {
  const values = new ReferencedValues(outputs);
  return resolution(values, resolve(value, values));
}

/** Resolves all that an attempt gets. References in raw fields stay there, their values come beside. */
export function resolveTask(task: TaskTemplates, outputs: Outputs): Resolution<ResolvedTask> {
  const values = new ReferencedValues(outputs);
  const references = new Map<string, JsonValue>();
  const config = mapFields(task.config, (item, key) => {
    if (!task.rawFields.includes(key)) return resolve(item, values);
    for (const found of collectReferences(item)) references.set(found.text, values.of(found));
    return item;
  });
  return resolution(values, { config, input: resolve(task.input, values), references });
}

function resolution<T>(values: ReferencedValues, value: T): Resolution<T> {
  const { failure } = values;
  return failure === null ? { kind: 'resolved', value } : { kind: 'unresolved', failure };
}

function resolve(value: JsonValue, values: ReferencedValues): JsonValue {
  if (typeof value === 'string') return resolveText(value, values);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return mapItems(value, (item) => resolve(item, values));
  return mapFields(value as JsonObject, (item) => resolve(item, values));
}

function resolveText(text: string, values: ReferencedValues): JsonValue {
  if (!mayHoldReferences(text)) return text;
  const { references } = scanReferences(text);
  const first = references[0];
  if (first === undefined) return text;
  if (first.text === text) return values.of(first);
  const parts: string[] = [];
  let done = 0;
  for (const reference of references) {
    const value = values.of(reference);
    parts.push(text.slice(done, reference.start));
    parts.push(typeof value === 'string' ? value : JSON.stringify(value));
    done = reference.end;
  }
  return parts.join('') + text.slice(done);
}

function mapItems(
  items: readonly JsonValue[],
  change: (item: JsonValue) => JsonValue,
): readonly JsonValue[] {
  const mapped = items.map(change);
  return mapped.every((item, index) => item === items[index]) ? items : mapped;
}

/** `Object.fromEntries` defines its fields: a field `__proto__` stays a field. */
function mapFields(
  fields: JsonObject,
  change: (item: JsonValue, key: string) => JsonValue,
): JsonObject {
  let same = true;
  const mapped = Object.entries(fields).map(([key, item]) => {
    const next = change(item, key);
    same &&= next === item;
    return [key, next] as const;
  });
  return same ? fields : Object.fromEntries(mapped);
}
