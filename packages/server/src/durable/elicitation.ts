import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type JsonObject, TaskedError } from '@tasked/core';
import { isStandardSchema, jsonSchemaOf } from './json-schema-of.ts';

/** What a tool asks a person: a form (2025-11-25, Elicitation), or any request that the protocol lets a task make. */
export type Elicitation = FormElicitation | InputRequest;

/** A form: what is asked, and which fields the answer has. */
export interface FormElicitation {
  readonly message: string;
  /** A flat object, as the protocol wants it: JSON schema, or a Standard Schema that has one (zod). */
  readonly requestedSchema: JsonObject | StandardSchemaV1;
}

/** A request as it stands on the wire. */
export interface InputRequest {
  readonly method: string;
  readonly params?: JsonObject;
}

/** How a person answered a form. */
export interface ElicitationAnswer {
  readonly action: 'accept' | 'decline' | 'cancel';
  /** The fields of the form, when it was accepted. */
  readonly content?: JsonObject;
}

/** The request that goes to whoever answers. Throws `invalid_input` for what is none. */
export function inputRequestOf(key: string, asked: Elicitation): JsonObject {
  if ('method' in asked) return { ...asked };
  const { message, requestedSchema } = asked;
  if (typeof message !== 'string' || typeof requestedSchema !== 'object') {
    const wanted = 'give it a message and a requestedSchema';
    throw new TaskedError('invalid_input', `requireInput: "${key}" is no elicitation; ${wanted}`);
  }
  const schema = isStandardSchema(requestedSchema)
    ? jsonSchemaOf(requestedSchema, 'input')
    : requestedSchema;
  return {
    method: 'elicitation/create',
    params: { mode: 'form', message, requestedSchema: schema as JsonObject },
  };
}
