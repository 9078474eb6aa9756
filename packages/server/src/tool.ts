import type { ToolAnnotations } from '@modelcontextprotocol/server';
import {
  type Fault,
  type JsonObject,
  type JsonValue,
  TaskedError,
  type TaskId,
} from '@tasked/core';
import { z } from 'zod';
import { argumentFaults } from './argument-faults.ts';
import { readLeniently } from './lenient-input.ts';
import type { ToolCall, ToolTaskCall } from './tool-call.ts';
import { type ObjectSchema, objectSchemaOf } from './tool-schema.ts';

/** A tool as `tools/list` shows it, and how it is called. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  /** Checks the arguments and answers. Throws `invalid_input` with every fault, and what the tool throws. */
  call(args: JsonObject, call: ToolCall): Promise<object>;
  /**
   * Begins a call that is to be a task, checked as `call` checks, and resolves with the task's id once it is durable;
   * null when these arguments begin nothing that lasts: then they are for `call`.
   */
  start?(args: JsonObject, call: ToolTaskCall): Promise<TaskId | null>;
}

/** What every answer ends with. */
export interface Answer {
  /** One line: what to do next. */
  readonly next: string;
}

/** A tool to be defined. */
export interface ToolSpec<Input, Output extends Answer>
  extends Pick<Tool, 'name' | 'title' | 'description' | 'annotations'> {
  readonly input: ToolInput<Input>;
  /** Fields of the answer but the last; it describes them to clients and is not enforced here. */
  readonly output: z.ZodObject;
  run(input: Input, call: ToolCall): Promise<Output>;
  /** See {@link Tool.start}. */
  start?(input: Input, call: ToolTaskCall): Promise<TaskId | null>;
}

/** How the arguments of a tool look, and how they are checked once they were read leniently. */
export interface ToolInput<Input> {
  readonly schema: ObjectSchema;
  parse(args: unknown): Input;
}

const answerEnd = {
  assumed: z.array(z.string()).optional().describe('How unclear input was read.'),
  next: z.string().describe('What to do next.'),
};

/** Makes a tool of its parts. */
export function defineTool<Input, Output extends Answer>(spec: ToolSpec<Input, Output>): Tool {
  const { name, title, description, annotations, input, start } = spec;
  return {
    name,
    title,
    description,
    annotations,
    inputSchema: input.schema,
    outputSchema: objectSchemaOf(spec.output.extend(answerEnd)),
    async call(args, call) {
      const { value, assumed } = readLeniently(args, input.schema);
      const answer = await spec.run(input.parse(value), call);
      if (assumed.length === 0) return answer;
      const { next, ...fields } = answer;
      return { ...fields, assumed, next };
    },
    ...(start === undefined
      ? {}
      : {
          start: async (args, call) =>
            await start(input.parse(readLeniently(args, input.schema).value), call),
        }),
  };
}

/** Arguments that are one strict, flat object. */
export function flatInput<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): ToolInput<z.output<z.ZodObject<Shape, z.core.$strict>>> {
  const checked = z.strictObject(shape);
  return {
    schema: objectSchemaOf(checked),
    parse(args) {
      const parsed = checked.safeParse(args, { reportInput: true });
      if (parsed.success) return parsed.data;
      throw invalidArguments(argumentFaults(parsed.error.issues, Object.keys(shape)));
    },
  };
}

/** The error for arguments with these faults; its message names the first ones. */
export function invalidArguments(faults: readonly Fault[]): TaskedError {
  const named = faults.slice(0, 3).map(({ path, message }) => `${path}: ${message}`);
  const message = `the arguments were not accepted: ${named.join('; ')}`;
  return new TaskedError('invalid_input', message, {
    details: { faults: faults as unknown as JsonValue },
  });
}
