import type { JsonSchema } from './tool-schema.ts';

/** What a caller sent, read as it was meant, and what that took. */
export interface LenientReading {
  readonly value: unknown;
  /** One line for each kind of assumption, none twice. */
  readonly assumed: readonly string[];
}

/** What other tools call our fields, and handles of calls a flow. */
const ALIASES: Readonly<Record<string, string>> = { needs: 'depends_on', task_id: 'flow_id' };

const NUMBER = /^\s*-?\d+(\.\d+)?\s*$/;

/**
 * Mends what models get wrong without harm: a list sent as JSON text, a number sent as text,
 * `needs` for `depends_on`, the `task_id` of a call for its `flow_id`. It follows the schema, so that free-form values stay as they are; whatever else is
 * wrong is left for the strict check that follows.
 */
export function readLeniently(value: unknown, schema: JsonSchema): LenientReading {
  const assumed = new Set<string>();
  return { value: mend(value, { schema, path: '', assumed }), assumed: [...assumed] };
}

interface Place {
  readonly schema: JsonSchema;
  readonly path: string;
  readonly assumed: Set<string>;
}

function mend(value: unknown, place: Place): unknown {
  switch (place.schema.type) {
    case 'number':
    case 'integer':
      return mendNumber(value, place);
    case 'array':
      return mendList(value, place);
    case 'object':
      return mendObject(value, place);
    default:
      return value;
  }
}

function mendNumber(value: unknown, { path, assumed }: Place): unknown {
  if (typeof value !== 'string' || !NUMBER.test(value)) return value;
  assumed.add(`${path}: the text was read as a number`);
  return Number(value);
}

function mendList(value: unknown, place: Place): unknown {
  const { schema, path, assumed } = place;
  const list = typeof value === 'string' ? parsedList(value) : value;
  if (!Array.isArray(list)) return value;
  if (list !== value) assumed.add(`${path}: the text was read as a JSON list`);
  const entry = schema.items;
  if (entry === undefined || typeof entry === 'boolean' || Array.isArray(entry)) return list;
  const inside = { schema: entry as JsonSchema, path: `${path}[]`, assumed };
  return list.map((item) => mend(item, inside));
}

function mendObject(value: unknown, place: Place): unknown {
  const { properties } = place.schema;
  if (properties === undefined || !isObject(value)) return value;
  const entries = Object.entries(value).map(([sent, field]): [string, unknown] => {
    const key = ourName(sent, value, place);
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (schema === undefined || typeof schema === 'boolean') return [key, field];
    return [
      key,
      mend(field, {
        schema: schema as JsonSchema,
        path: below(place.path, key),
        assumed: place.assumed,
      }),
    ];
  });
  // An own "__proto__" key stays one, for the strict check to find.
  return Object.fromEntries(entries);
}

function ourName(sent: string, holder: object, { schema, path, assumed }: Place): string {
  const ours = Object.hasOwn(ALIASES, sent) ? ALIASES[sent] : undefined;
  if (ours === undefined || Object.hasOwn(holder, ours)) return sent;
  if (schema.properties?.[ours] === undefined || schema.properties[sent] !== undefined) return sent;
  assumed.add(`${below(path, sent)}: was read as ${ours}`);
  return ours;
}

function parsedList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
