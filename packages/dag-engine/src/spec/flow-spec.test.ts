import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { flowSpecSchema } from './flow-spec.ts';

const jsonSchema = z.toJSONSchema(flowSpecSchema, { io: 'input' });

describe('flowSpecSchema', () => {
  test('fills in every default', () => {
    expect(flowSpecSchema.parse({ tasks: [{ id: 'a', executor: 'noop' }] })).toEqual({
      queue: 'default',
      queue_config: { concurrency: 10, max_retries: 3, timeout_secs: 300 },
      fail_fast: false,
      validate_only: false,
      tasks: [
        {
          id: 'a',
          executor: 'noop',
          config: {},
          input: null,
          depends_on: [],
          backoff_secs: 1,
          trigger_rule: 'all_success',
          allow_failure: false,
          priority: 5,
        },
      ],
    });
  });

  test('passes config and input on as they are, a field named __proto__ included', () => {
    const said = JSON.parse('{"a":{"__proto__":{"b":1}},"__proto__":{"c":[1.5,null,"é"]}}');
    const task = { id: 'a', executor: 'noop', config: said, input: said };
    const [parsed] = flowSpecSchema.parse({ tasks: [task] }).tasks;
    expect(parsed?.config).toBe(said);
    expect(parsed?.input).toBe(said);
  });

  test('is a small JSON schema, for a model pays for every word of it', () => {
    expect(JSON.stringify(jsonSchema).length).toBeLessThan(2_600);
  });

  test('asks a client for no more than tasks, each with an id and an executor', () => {
    expect(jsonSchema).toMatchObject({
      required: ['tasks'],
      additionalProperties: false,
      properties: {
        tasks: { items: { required: ['id', 'executor'], additionalProperties: false } },
      },
    });
  });
});
