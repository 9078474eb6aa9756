import type { StandardSchemaV1 } from '@standard-schema/spec';
import { PermanentError } from '@tasked/core';
import { thrownText } from '../thrown-text.ts';

/** Most issues that a failure tells. */
const MAX_ISSUES = 10;

/** A value as a schema makes it. Rejects with a `PermanentError` of that code that tells what is wrong with the value. */
export async function validate<Schema extends StandardSchemaV1>(
  schema: Schema,
  value: unknown,
  { what, code }: { readonly what: string; readonly code: string },
): Promise<StandardSchemaV1.InferOutput<Schema>> {
  const result = await judge(schema, value, { what, code });
  if (result.issues === undefined) return result.value;
  const told = result.issues.slice(0, MAX_ISSUES).map(issueText);
  const rest = result.issues.length - told.length;
  if (rest > 0) told.push(`and ${rest} more`);
  throw new PermanentError(`${what} is not valid: ${told.join('; ')}`, { code });
}

async function judge<Schema extends StandardSchemaV1>(
  schema: Schema,
  value: unknown,
  { what, code }: { readonly what: string; readonly code: string },
): Promise<StandardSchemaV1.Result<StandardSchemaV1.InferOutput<Schema>>> {
  try {
    return await schema['~standard'].validate(value);
  } catch (cause) {
    throw new PermanentError(`${what} could not be judged: ${thrownText(cause)}`, { code, cause });
  }
}

function issueText({ message, path }: StandardSchemaV1.Issue): string {
  const keys = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
  return keys.length === 0 ? message : `${keys.join('.')}: ${message}`;
}
