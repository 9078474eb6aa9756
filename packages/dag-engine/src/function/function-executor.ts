import type { StandardSchemaV1 } from '@standard-schema/spec';
import type {
  AttemptContext,
  Clock,
  Executor,
  Fault,
  JsonObject,
  JsonValue,
  Outcome,
} from '@tasked/core';
import { systemClock, TaskedError } from '@tasked/core';
import { endOf } from './ended-run.ts';
import type { FunctionContext } from './function-context.ts';
import { RunningFunction } from './running-function.ts';
import { validate } from './validate.ts';

/** A function as a type of task. */
export interface FunctionExecutorOptions<
  InputSchema extends StandardSchemaV1,
  OutputSchema extends StandardSchemaV1,
> {
  /** The word in a task's `executor` field. */
  readonly type: string;
  /** Any Standard Schema (zod, valibot, arktype, …); judges the task's input, its references put in. */
  readonly inputSchema?: InputSchema;
  /** Judges what the function returns; what the schema makes of it becomes the output. */
  readonly outputSchema?: OutputSchema;
  /**
   * Runs from its beginning at every attempt and every resume. What it returns MUST be JSON, `undefined` counts as null.
   * What it throws fails the attempt, to be retried while retries are left; a `PermanentError` fails it for good.
   * MUST end soon after `ctx.signal` aborts: a second later the task goes on without it.
   */
  readonly run: (
    input: StandardSchemaV1.InferOutput<InputSchema>,
    ctx: FunctionContext,
  ) =>
    | Promise<StandardSchemaV1.InferInput<OutputSchema>>
    | StandardSchemaV1.InferInput<OutputSchema>;
  /** For tests; default the machine's. */
  readonly clock?: Clock;
}

/**
 * Makes a TypeScript function an executor. Give it to `Flows` wherever such tasks are submitted, and to `Runner` where
 * they are to run: no other process claims them. Throws `invalid_input` for an empty type.
 */
export function functionExecutor<
  InputSchema extends StandardSchemaV1 = StandardSchemaV1<JsonValue, JsonValue>,
  OutputSchema extends StandardSchemaV1 = StandardSchemaV1<unknown, unknown>,
>(options: FunctionExecutorOptions<InputSchema, OutputSchema>): Executor {
  const { type, inputSchema, outputSchema, clock = systemClock } = options;
  if (typeof type !== 'string' || type === '') {
    throw new TaskedError('invalid_input', 'a function executor needs a type: a word');
  }
  return {
    type,
    check: refuseConfig,
    async run(attempt) {
      const input = await inputOf(inputSchema, attempt);
      const running = new RunningFunction(attempt);
      const result = (async () => options.run(input, running))();
      const ended = await endOf(result, attempt.signal, clock);
      if (running.suspended !== null) return running.suspended;
      switch (ended.kind) {
        case 'returned':
          return succeeded(await outputOf(outputSchema, ended.value));
        case 'threw':
          throw ended.error;
        case 'left':
          return LEFT_BEHIND;
      }
    },
  };
}

/** The engine knows better why it was told to stop, and says so. */
const LEFT_BEHIND: Outcome = {
  kind: 'failed',
  failure: {
    code: 'left_behind',
    message: 'the function was told to stop and did not; make it heed ctx.signal',
    retryable: true,
  },
};

/** Without a schema the function takes JSON as it comes. */
async function inputOf<Schema extends StandardSchemaV1>(
  schema: Schema | undefined,
  { input }: AttemptContext,
): Promise<StandardSchemaV1.InferOutput<Schema>> {
  if (schema === undefined) return input as StandardSchemaV1.InferOutput<Schema>;
  return await validate(schema, input, { what: 'the input', code: 'invalid_input' });
}

async function outputOf(schema: StandardSchemaV1 | undefined, value: unknown): Promise<unknown> {
  if (schema === undefined) return value;
  return await validate(schema, value, { what: 'what it returned', code: 'bad_output' });
}

/** Whether it is JSON is judged by the engine, as for every executor. */
function succeeded(output: unknown): Outcome {
  return { kind: 'succeeded', output: output as JsonValue };
}

function refuseConfig(config: JsonObject): readonly Fault[] {
  return Object.keys(config).map((field) => ({
    path: field,
    message: 'unknown field; what the function takes stands in `input`, beside `config`',
    expected: 'no fields: {}',
  }));
}
