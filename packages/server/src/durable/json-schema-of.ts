import type { StandardSchemaV1 } from '@standard-schema/spec';
import { TaskedError } from '@tasked/core';
import type { JsonSchema, ObjectSchema } from '../tool-schema.ts';

/** A schema that judges values and can be shown to clients: zod from 4.2 on, ArkType, Valibot by its adapter. */
export interface ToolSchema<Input = unknown, Output = Input> {
  readonly '~standard': StandardSchemaV1.Props<Input, Output> & { readonly jsonSchema: Shown };
}

/** What is needed of the Standard JSON Schema. */
interface Shown {
  readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
  readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
}

export function isStandardSchema(schema: object): schema is StandardSchemaV1 {
  return '~standard' in schema;
}

/**
 * A schema as JSON schema, without what only costs its reader tokens: the dialect, and the bounds of safe integers.
 * Throws `unsupported` for one of a library that cannot say.
 */
export function jsonSchemaOf(schema: StandardSchemaV1, side: 'input' | 'output'): JsonSchema {
  const { vendor, jsonSchema } = schema['~standard'] as Partial<ToolSchema['~standard']>;
  if (jsonSchema === undefined) {
    const message = `a schema of ${vendor} cannot be shown to clients: it has no ~standard.jsonSchema; use a version that has`;
    throw new TaskedError('unsupported', message);
  }
  const { $schema: _, ...json } = jsonSchema[side]({ target: 'draft-2020-12' });
  return withoutSafeBounds(json) as JsonSchema;
}

/** Whether the root of a schema admits objects alone. A root that lists fields and no type is meant so. */
export function objectRootOf(schema: JsonSchema): ObjectSchema | null {
  if (schema.type === 'object') return schema as ObjectSchema;
  const says = schema as Readonly<Record<string, unknown>>;
  const listsFields = 'properties' in says || 'additionalProperties' in says || 'required' in says;
  if (says.type === undefined && listsFields) return { ...schema, type: 'object' };
  return null;
}

function withoutSafeBounds(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutSafeBounds);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key, value]) => !isSafeBound(key, value))
      .map(([key, value]) => [key, withoutSafeBounds(value)]),
  );
}

function isSafeBound(key: string, value: unknown): boolean {
  if (key === 'maximum') return value === Number.MAX_SAFE_INTEGER;
  return key === 'minimum' && value === Number.MIN_SAFE_INTEGER;
}
