import type { ToolAnnotations } from '@modelcontextprotocol/server';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type Clock, type Executor, type JsonValue, TaskedError } from '@tasked/core';
import { type CallOptions, callSpec, functionExecutor } from '@tasked/dag-engine';
import type { TaskSupport } from '../server/server-tool.ts';
import type { ObjectSchema } from '../tool-schema.ts';
import { advertisedInput, advertisedOutput } from './advertised-schemas.ts';
import { type DurableToolContext, RunningTool } from './durable-tool-context.ts';
import type { ToolSchema } from './json-schema-of.ts';
import { withProtocolErrors } from './protocol-failure.ts';
import { returnedSchema } from './returned-schema.ts';
import { scopeWords } from './scopes.ts';
import { toolExecutorType } from './tool-executor.ts';
import type { ToolResultJson } from './tool-result-json.ts';
import { refuseUnique, type Unique } from './unique.ts';

/** A tool whose calls outlive the call, the client and the process. Options beside these: how calls are run. */
export interface DurableToolOptions<InputSchema extends ToolSchema, OutputSchema extends ToolSchema>
  extends CallOptions {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly annotations?: ToolAnnotations;
  /** Any Standard Schema that can be shown as JSON schema (zod); judges the arguments before anything is stored. */
  readonly inputSchema: InputSchema;
  /** Judges what `run` returns; its root MUST be an object. */
  readonly outputSchema?: OutputSchema;
  /** Whether a call may, must, or must not be a task of the protocol; it is durable in any case. Default: optional. */
  readonly taskSupport?: TaskSupport;
  /** Words, all of which a caller must have (`analysis:run`), separated by spaces. */
  readonly scope?: string;
  /** Calls of one caller with these arguments alike are one run for so long. Default: every call is a run of its own. */
  readonly unique?: Unique;
  /**
   * Runs from its beginning at every attempt, and once more after an answer or a snooze. What it returns becomes the
   * tool's result: an object is its structured content, a text its text, `{ content: […] }` the result itself. What it
   * throws fails the attempt, to be retried while retries are left; a `PermanentError`, or an error of the protocol, fails
   * it for good. MUST end soon after `ctx.signal` aborts.
   */
  readonly run: (
    args: StandardSchemaV1.InferOutput<InputSchema>,
    ctx: DurableToolContext,
  ) => Promise<Returned<OutputSchema>> | Returned<OutputSchema>;
  /** For tests; default the machine's. */
  readonly clock?: Clock;
}

/** What `run` may return. */
export type Returned<OutputSchema extends ToolSchema> =
  | StandardSchemaV1.InferInput<OutputSchema>
  | ToolResultJson;

/** A durable tool: how clients see it, who may call it, and what runs it. Nothing in it depends on a version of an SDK. */
export interface DurableTool {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly annotations?: ToolAnnotations;
  readonly inputSchema: ObjectSchema;
  /** Admits the handle of a run that goes on, too. */
  readonly outputSchema?: ObjectSchema;
  readonly taskSupport: TaskSupport;
  /** Words, all of which a caller must have. */
  readonly scope: readonly string[];
  /** Judges arguments. */
  readonly arguments: ToolSchema;
  readonly unique: Unique | null;
  readonly call: CallOptions;
  /** For the `Runner` of every process that is to run its calls. */
  readonly executor: Executor;
}

/**
 * Makes a tool durable: a call of it is a flow of one task, run by any process that has the tool. Throws `invalid_input`
 * or `unsupported` for options that could not serve any call.
 */
export function durableTool<
  InputSchema extends ToolSchema,
  OutputSchema extends ToolSchema = ToolSchema<JsonValue, JsonValue>,
>(options: DurableToolOptions<InputSchema, OutputSchema>): DurableTool {
  const { name, title, description, annotations, inputSchema, outputSchema } = options;
  refuseName(name);
  const shown = {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    ...(annotations === undefined ? {} : { annotations }),
    inputSchema: advertisedInput(name, inputSchema),
    ...(outputSchema === undefined ? {} : { outputSchema: advertisedOutput(name, outputSchema) }),
    taskSupport: options.taskSupport ?? 'optional',
  };
  if (options.unique !== undefined) refuseUnique(shown, options.unique);
  return {
    ...shown,
    scope: scopeWords(options.scope),
    arguments: inputSchema,
    unique: options.unique ?? null,
    call: callOptions(options),
    executor: executorOf(options),
  };
}

function executorOf<InputSchema extends ToolSchema, OutputSchema extends ToolSchema>(
  options: DurableToolOptions<InputSchema, OutputSchema>,
): Executor {
  const { name, inputSchema, outputSchema, run, clock } = options;
  return withProtocolErrors(
    functionExecutor({
      type: toolExecutorType(name),
      inputSchema,
      outputSchema: returnedSchema(outputSchema),
      run: (args, ctx) => run(args, new RunningTool(ctx)),
      ...(clock === undefined ? {} : { clock }),
    }),
  );
}

function callOptions({ name, queue, retries, timeoutSecs }: CallOptions & { name: string }) {
  const options = {
    ...(queue === undefined ? {} : { queue }),
    ...(retries === undefined ? {} : { retries }),
    ...(timeoutSecs === undefined ? {} : { timeoutSecs }),
  };
  callSpec(toolExecutorType(name), options);
  return options;
}

function refuseName(name: unknown): void {
  // What the protocol recommends (2025-11-25, Tools, "Tool Names").
  if (typeof name === 'string' && /^[\w./-]{1,128}$/.test(name)) return;
  const message = 'a tool needs a name: 1 to 128 letters, digits, "_", "-", "." or "/"';
  throw new TaskedError('invalid_input', message);
}
