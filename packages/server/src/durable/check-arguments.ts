import type { Fault } from '@tasked/core';
import { invalidArguments } from '../tool.ts';
import type { ToolSchema } from './json-schema-of.ts';

/** Most faults that are told. */
const MAX_FAULTS = 20;

/** Arguments as a tool's schema makes them. Throws `invalid_input` with every fault. */
export async function checkArguments(schema: ToolSchema, args: unknown): Promise<unknown> {
  const judged = await schema['~standard'].validate(args);
  if (judged.issues === undefined) return judged.value;
  const faults = judged.issues.slice(0, MAX_FAULTS).map(({ message, path }): Fault => {
    const keys = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
    return { path: keys.join('.'), message };
  });
  throw invalidArguments(faults);
}
