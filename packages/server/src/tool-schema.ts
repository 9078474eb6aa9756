import { z } from 'zod';

/** A JSON schema as zod writes it. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A JSON schema whose root is an object, as the protocol demands of tools. */
export type ObjectSchema = JsonSchema & { readonly type: 'object' };

/**
 * The JSON schema of an object, as a client sends or receives it, without what only costs its reader
 * tokens: the dialect, and the bounds of safe integers.
 */
export function objectSchemaOf(schema: z.ZodObject): ObjectSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return { ...json, type: 'object' };
}
