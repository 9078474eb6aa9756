import { fromJsonSchema, type JsonSchemaType } from '@modelcontextprotocol/server';
import type { Fault, JsonObject, JsonValue } from '@tasked/core';
import type { FlowInput } from '@tasked/dag-engine';
import { z } from 'zod';
import { isoTime } from '../flow-on-wire.ts';
import { isObject } from '../is-object.ts';

/** Something that a task asks for, as a tool shows it. */
export const askedInputSchema = z.object({
  key: z.string(),
  message: z.string().optional().describe('What to ask the person.'),
  schema: z.unknown().optional().describe('JSON schema of the answer.'),
  request: z.unknown().optional().describe('When it is no form.'),
  until: z.string().optional().describe('The task goes on without it then.'),
});

/** Shows an input. */
export function askedInput(input: FlowInput): z.output<typeof askedInputSchema> {
  const { address: key, request, deadlineAt } = input;
  const form = formOf(request);
  return {
    key,
    ...(form === null ? { request } : { message: form.message, schema: form.schema }),
    ...(deadlineAt === null ? {} : { until: isoTime(deadlineAt) }),
  };
}

/** What is stored for an answer, or what is wrong with it. */
export type JudgedAnswer =
  | { readonly kind: 'sound'; readonly answer: JsonValue }
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] };

/**
 * Judges an answer: the fields of a form, as its schema says, or `{ action: "decline" | "cancel" }`, or whole as clients of
 * the protocol send it. What is asked in any other way takes any answer.
 */
export async function judgeAnswer(
  { address, request }: FlowInput,
  given: JsonValue,
): Promise<JudgedAnswer> {
  const form = formOf(request);
  if (form === null) return { kind: 'sound', answer: given };
  const issues = await issuesOf(form.schema, given);
  if (issues.length === 0) {
    return { kind: 'sound', answer: { action: 'accept', content: given } };
  }
  const whole = answerSchema.safeParse(given);
  if (!whole.success) return wrong(address, issues);
  if (whole.data.action !== 'accept')
    return { kind: 'sound', answer: { action: whole.data.action } };
  const content = whole.data.content as JsonValue;
  const inside = await issuesOf(form.schema, content);
  return inside.length === 0
    ? { kind: 'sound', answer: { action: 'accept', content } }
    : wrong(`${address}.content`, inside);
}

const answerSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('accept'), content: z.unknown() }),
  z.strictObject({ action: z.enum(['decline', 'cancel']) }),
]);

interface Form {
  readonly message: string;
  readonly schema: JsonObject;
}

function formOf({ method, params }: JsonObject): Form | null {
  if (method !== 'elicitation/create' || !isObject(params)) return null;
  const { message, requestedSchema } = params;
  if (typeof message !== 'string' || !isObject(requestedSchema)) return null;
  return { message, schema: requestedSchema };
}

/** What is wrong with a value, in words. */
async function issuesOf(schema: JsonObject, value: JsonValue): Promise<readonly string[]> {
  // The protocol has forms answered by objects, whatever else a schema might let through.
  if (!isObject(value)) return ['must be an object: the fields of the form'];
  const judged = await fromJsonSchema(schema as JsonSchemaType)['~standard'].validate(value);
  return (judged.issues ?? []).map(({ message }) => message);
}

function wrong(path: string, messages: readonly string[]): JudgedAnswer {
  const faults = messages.map((message) => ({ path: `answers.${path}`, message }));
  return { kind: 'wrong', faults };
}
