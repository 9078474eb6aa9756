import { fromJsonSchema } from '@modelcontextprotocol/server';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { durableTool, type ObjectSchema, type ToolSchema } from '@tasked/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const node = z.object({
  name: z.string(),
  get children() {
    return z.array(node);
  },
});

const sound = {
  name: 'it',
  description: 'Does it.',
  inputSchema: z.object({ keys: z.array(z.string()), size: z.int().optional() }),
  run: () => ({}),
};

const complaintOf = (more: object): string => {
  try {
    durableTool({ ...sound, ...more });
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return 'none';
};

describe('durableTool', () => {
  it('shows the schema of its arguments without what only costs tokens', () => {
    expect(durableTool(sound).inputSchema).toEqual({
      type: 'object',
      properties: {
        keys: { type: 'array', items: { type: 'string' } },
        size: { type: 'integer' },
      },
      required: ['keys'],
    });
  });

  it('takes any schema that can be shown, not only those of zod', () => {
    const inputSchema = fromJsonSchema({ type: 'object', properties: { n: { type: 'number' } } });
    expect(durableTool({ ...sound, inputSchema }).inputSchema.properties).toEqual({
      n: { type: 'number' },
    });
  });

  it.each([
    ['a name with a space', { name: 'do it' }, 'invalid_input: a tool needs a name'],
    ['no name', { name: '' }, 'invalid_input: a tool needs a name'],
    ['arguments that are no object', { inputSchema: z.string() }, 'root of inputSchema'],
    ['an output that is a list', { outputSchema: z.array(z.string()) }, 'root of outputSchema'],
    ['an output that is a text', { outputSchema: z.string() }, 'root of outputSchema'],
    [
      'an output that may be no object',
      { outputSchema: z.union([z.object({}), z.null()]) },
      'root of outputSchema',
    ],
    ['a schema that nobody can show', { inputSchema: unshowable() }, 'unsupported: a schema of us'],
    ['retries that are none', { retries: -1 }, 'invalid_input: such a call cannot be run: retries'],
    ['a timeout that is none', { timeoutSecs: Number.NaN }, 'timeout_secs'],
    ['a queue that is none', { queue: 'a queue' }, 'queue'],
    ['a scope without words', { scope: ' ' }, 'invalid_input: a scope needs at least one word'],
    ['a rule without arguments', { unique: { keys: [], periodSecs: 1 } }, 'at least one argument'],
    ['a rule on no argument', { unique: { keys: ['kees'], periodSecs: 1 } }, 'no argument kees'],
    ['a rule without a period', { unique: { keys: ['keys'], periodSecs: 0 } }, 'above 0'],
  ])('refuses %s', (_, more, complaint) => {
    expect(complaintOf(more)).toContain(complaint);
  });

  it('advertises its output, or the handle of a run that goes on, in a root that is an object', () => {
    const { outputSchema } = durableTool({
      ...sound,
      outputSchema: z.strictObject({ rows: z.number() }),
      run: () => ({ rows: 1 }),
    });
    expect(outputSchema).toMatchObject({ type: 'object', anyOf: [{}, {}] });
    expect(admits({ outputSchema }, { rows: 1 })).toBe(true);
    expect(admits({ outputSchema }, handle)).toBe(true);
    expect(admits({ outputSchema }, { rows: 'one' })).toBe(false);
    expect(admits({ outputSchema }, { rows: 1, task_id: 'f_1' })).toBe(false);
  });

  it('advertises an output that refers to itself, or to its own definitions', () => {
    const tree = { name: 'a', children: [{ name: 'b', children: [] }] };
    const wrong = { name: 'a', children: [{ name: 'b', children: [{ name: 1 }] }] };
    const { outputSchema } = durableTool({ ...sound, outputSchema: node, run: () => tree });
    expect(admits({ outputSchema }, tree)).toBe(true);
    expect(admits({ outputSchema }, wrong)).toBe(false);
    const shared = durableTool({
      ...sound,
      outputSchema: z.object({ tree: node }),
      run: () => ({ tree }),
    });
    expect(admits(shared, { tree })).toBe(true);
    expect(admits(shared, { tree: wrong })).toBe(false);
    expect(admits(shared, handle)).toBe(true);
  });
});

const handle = { task_id: 'f_1', status: 'working', next: 'wait' };

/** What the clients of SDK 2.x and of 1.x use to judge structured content. */
function admits(
  { outputSchema }: { readonly outputSchema?: ObjectSchema | undefined },
  value: unknown,
): boolean {
  const judged = fromJsonSchema(outputSchema as never)['~standard'].validate(value);
  return (judged as StandardSchemaV1.Result<unknown>).issues === undefined;
}

function unshowable(): ToolSchema {
  const validate = (value: unknown) => ({ value });
  return { '~standard': { version: 1, vendor: 'us', validate } } as unknown as ToolSchema;
}
