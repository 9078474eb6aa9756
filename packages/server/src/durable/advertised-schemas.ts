import { TaskedError } from '@tasked/core';
import type { JsonSchema, ObjectSchema } from '../tool-schema.ts';
import { jsonSchemaOf, objectRootOf, type ToolSchema } from './json-schema-of.ts';

/** What a call answers that is still running: see `handle.ts`. */
const HANDLE_SCHEMA: ObjectSchema = {
  type: 'object',
  description: 'It goes on: not the result yet.',
  properties: {
    task_id: { type: 'string' },
    status: { type: 'string' },
    attached: { type: 'boolean' },
    next: { type: 'string' },
  },
  required: ['task_id', 'status', 'next'],
};

/** The schema of a tool's arguments as clients see it. Throws `invalid_input` when its root is no object. */
export function advertisedInput(tool: string, schema: ToolSchema): ObjectSchema {
  const object = objectRootOf(jsonSchemaOf(schema, 'input'));
  if (object === null) throw noObject(tool, 'inputSchema');
  return object;
}

/**
 * The schema of what a tool answers as clients see it: its result, or the handle of a run that goes on, because
 * clients check either against it. Throws `invalid_input` when its root is no object: clients reject what it describes.
 */
export function advertisedOutput(tool: string, schema: ToolSchema): ObjectSchema {
  const object = objectRootOf(jsonSchemaOf(schema, 'output'));
  if (object === null) throw noObject(tool, 'outputSchema');
  return { type: 'object', anyOf: [movedTo('#/anyOf/0', object), HANDLE_SCHEMA] };
}

/** Members whose values are data and no schemas. */
const DATA: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples']);

/** A schema that stands at `place` of a document, and no longer is the document: what it refers to has moved along. */
function movedTo(place: string, schema: JsonSchema): JsonSchema {
  const move = (json: unknown): unknown => {
    if (Array.isArray(json)) return json.map(move);
    if (typeof json !== 'object' || json === null) return json;
    const members = Object.entries(json).map(([key, value]) => {
      if (key === '$ref' && typeof value === 'string')
        return [key, value.replace(/^#(?=\/|$)/, place)];
      return [key, DATA.has(key) ? value : move(value)];
    });
    return Object.fromEntries(members);
  };
  return move(schema) as JsonSchema;
}

function noObject(tool: string, field: string): TaskedError {
  const message = `the root of ${field} of the tool ${tool} must be an object: put the value into a field of one`;
  return new TaskedError('invalid_input', message);
}
