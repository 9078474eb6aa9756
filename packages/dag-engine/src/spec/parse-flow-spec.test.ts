import type { Fault } from '@tasked/core';
import { describe, expect, test } from 'vitest';
import { faultsOf, parse } from '../../test/known-executors.ts';

/** A flow of one task, which is sound but for the fields given. */
function withTask(fields: object): object {
  return { tasks: [{ id: 'a', executor: 'noop', ...fields }] };
}

/** A flow of noop tasks, each with what it depends on. */
function withEdges(edges: Readonly<Record<string, readonly string[]>>): object {
  const tasks = Object.entries(edges).map(([id, depends_on]) => ({
    id,
    executor: 'noop',
    depends_on,
  }));
  return { tasks };
}

type Case = readonly [what: string, input: unknown, fault: Partial<Fault>];

const SHAPE: readonly Case[] = [
  ['a flow that is a list', [], { path: '', message: 'a flow must be an object, not a list' }],
  ['a flow without tasks', {}, { path: 'tasks', message: 'is missing', expected: 'a list' }],
  [
    'no tasks',
    { tasks: [] },
    { path: 'tasks', message: 'must have at least 1 entries', got: '[]' },
  ],
  ['tasks as a text', { tasks: '[]' }, { path: 'tasks', message: 'must be a list, not a text' }],
  ['a task that is null', { tasks: [null] }, { path: 'tasks[0]', expected: 'an object' }],
  [
    'a task that waits for a failure of nothing',
    withTask({ trigger_rule: 'any_failed' }),
    { path: 'tasks[0].trigger_rule', got: 'any_failed' },
  ],
  [
    'a field that is misspelt',
    withTask({ dependsOn: [] }),
    { path: 'tasks[0].dependsOn', didYouMean: 'depends_on' },
  ],
  [
    'a field by its name elsewhere',
    withTask({ needs: ['b'] }),
    { path: 'tasks[0].needs', didYouMean: 'depends_on', got: "[ 'b' ]" },
  ],
  [
    'a setting of the executor beside its config',
    withTask({ command: 'ls' }),
    {
      path: 'tasks[0].command',
      message: 'there is no field "command" here; settings of the executor go into config',
    },
  ],
  [
    'an unknown field of the flow',
    { ...withTask({}), failfast: true },
    { path: 'failfast', didYouMean: 'fail_fast', got: true },
  ],
  [
    'an unknown field of the queue',
    { ...withTask({}), queue_config: { retries: 3 } },
    {
      path: 'queue_config.retries',
      didYouMean: 'max_retries',
      expected: 'concurrency, max_retries, timeout_secs',
    },
  ],
  [
    'a field named __proto__',
    JSON.parse('{"tasks":[{"id":"a","executor":"noop","__proto__":1}]}'),
    { path: 'tasks[0].__proto__' },
  ],
  ['no id', { tasks: [{ executor: 'noop' }] }, { path: 'tasks[0].id', message: 'is missing' }],
  [
    'an id with a space',
    withTask({ id: 'my task' }),
    { path: 'tasks[0].id', got: 'my task', expected: '1 to 128 letters, digits, "-" or "_"' },
  ],
  [
    'a number as text',
    withTask({ retries: '3' }),
    { path: 'tasks[0].retries', message: 'must be a number, not a text', got: '3' },
  ],
  ['half a retry', withTask({ retries: 1.5 }), { message: 'must be a whole number, not 1.5' }],
  ['too few retries', withTask({ retries: -1 }), { message: 'must be at least 0', got: -1 }],
  ['too many retries', withTask({ retries: 101 }), { expected: 'at most 100' }],
  [
    'a timeout that no timer holds',
    withTask({ timeout_secs: 604_801 }),
    { path: 'tasks[0].timeout_secs', message: 'must be at most 604800' },
  ],
  [
    'null for a default',
    withTask({ timeout_secs: null }),
    { message: 'must be a number, not null; leave the field out if you have no value', got: null },
  ],
  ['a delay that is no number', withTask({ backoff_secs: Number.NaN }), { got: 'NaN' }],
  [
    'a rule that is misspelt',
    withTask({ trigger_rule: 'all_succes' }),
    { path: 'tasks[0].trigger_rule', didYouMean: 'all_success' },
  ],
  ['a priority beyond 9', withTask({ priority: 10 }), { message: 'must be at most 9' }],
  ['a config that is a list', withTask({ config: [] }), { path: 'tasks[0].config' }],
  ['a config that is null', withTask({ config: null }), { message: 'must be an object' }],
  [
    'a dependency that is no text',
    withTask({ depends_on: [1] }),
    { path: 'tasks[0].depends_on[0]', message: 'must be a text, not a number' },
  ],
  ['a queue of spaces', { ...withTask({}), queue: ' ' }, { path: 'queue', got: ' ' }],
  [
    'an empty key',
    { ...withTask({}), idempotency_key: '' },
    { path: 'idempotency_key', message: 'must have at least 1 characters' },
  ],
  ['a key of half a surrogate', { ...withTask({}), idempotency_key: '\ud800' }, { got: '\ufffd' }],
];

const GRAPH: readonly Case[] = [
  [
    'an id used twice',
    { tasks: [1, 2].map(() => ({ id: 'a', executor: 'noop' })) },
    { path: 'tasks[1].id', message: 'is already the id of tasks[0]', got: 'a' },
  ],
  [
    'an unknown dependency',
    withEdges({ build: [], test: ['biuld'] }),
    { path: 'tasks[1].depends_on[0]', got: 'biuld', didYouMean: 'build' },
  ],
  [
    'a dependency on itself',
    withEdges({ a: ['a'] }),
    { path: 'tasks[0].depends_on[0]', message: 'a task cannot depend on itself' },
  ],
  [
    'a dependency listed twice',
    withEdges({ a: [], b: ['a', 'a'] }),
    { path: 'tasks[1].depends_on[1]', message: 'is listed twice' },
  ],
  [
    'a cycle',
    withEdges({ a: ['x', 'b'], b: ['a'], x: [] }),
    { path: 'tasks[0].depends_on[1]', message: 'these tasks wait for each other: a → b → a' },
  ],
];

const CONTENT: readonly Case[] = [
  [
    'an unknown executor',
    withTask({ executor: 'shel' }),
    { path: 'tasks[0].executor', expected: 'noop, shell', didYouMean: 'shell' },
  ],
  [
    'what the executor finds',
    withTask({ executor: 'shell', config: { command: 1 } }),
    { path: 'tasks[0].config.command', message: 'must be a text' },
  ],
  [
    'half a surrogate pair',
    withTask({ input: { a: ['\udc00'] } }),
    { path: 'tasks[0].input.a[0]', got: '\ufffd' },
  ],
  [
    'an object of a class',
    withTask({ input: [new Map()] }),
    { path: 'tasks[0].input[0]', message: 'is no JSON: an object of a class' },
  ],
  [
    'a malformed reference',
    withTask({ config: { 'a b': '${tasks.x.stdout}' } }),
    {
      path: 'tasks[0].config["a b"]',
      got: '${tasks.x.stdout}',
      didYouMean: '${tasks.x.output.stdout}',
    },
  ],
  [
    'a malformed reference to a file',
    withTask({ executor: 'shell', config: { command: 'wc ${tasks.x.outputs:file}' } }),
    { got: '${tasks.x.outputs:file}', didYouMean: '${tasks.x.output:file}' },
  ],
  [
    'a reference in the name of a field',
    withTask({ input: { '${tasks.x.output}': 1 } }),
    { message: 'references are replaced in values, not in the names of fields' },
  ],
  [
    'a reference to the task itself',
    withTask({ input: '${tasks.a.output}' }),
    { path: 'tasks[0].input', expected: 'a task in depends_on' },
  ],
];

describe('parseFlowSpec', () => {
  test.each([...SHAPE, ...GRAPH, ...CONTENT])('finds %s', (_, input, fault) => {
    expect(faultsOf(input)).toEqual([expect.objectContaining(fault)]);
  });

  test('accepts a sound flow and fills in its defaults', () => {
    const input = {
      tasks: [
        { id: 'a', executor: 'shell', config: { command: 'date $HOME ${PATH}' } },
        { id: 'b', executor: 'noop', input: '${tasks.a.output.stdout}', depends_on: ['a'] },
      ],
    };
    const parsed = parse(input);
    expect(parsed).toMatchObject({
      kind: 'accepted',
      spec: { queue: 'default', tasks: input.tasks },
    });
  });

  test('tells every fault of a flow at once', () => {
    const input = {
      queu: 'x',
      tasks: [
        { id: 'a', executor: 'noop', retries: -1, depends_on: ['b', 'c'] },
        { id: 'b', executor: 'nop', depends_on: ['a'], input: '${tasks.c.output}' },
        { executor: 'shell' },
      ],
    };
    expect(faultsOf(input).map(({ path }) => path)).toEqual([
      'tasks[0].retries',
      'tasks[2].id',
      'queu',
      'tasks[0].depends_on[1]',
      'tasks[0].depends_on[0]',
      'tasks[1].input',
      'tasks[1].executor',
      'tasks[2].config.command',
    ]);
  });

  test.each([
    [
      'an input',
      { executor: 'shell', config: { command: 'x' }, input: '${tasks.x.output.y:file}' },
    ],
    [
      'a field that is not raw',
      { executor: 'shell', config: { command: 'x', cwd: '${tasks.x.output.y:file}' } },
    ],
    [
      'a config of an executor without raw fields',
      { executor: 'noop', config: { a: ['${tasks.x.output.y:file}'] } },
    ],
  ])('finds a reference to a file in %s', (_, fields) => {
    const tasks = [
      { id: 'x', executor: 'noop' },
      { id: 'a', ...fields, depends_on: ['x'] },
    ];
    expect(faultsOf({ tasks })).toEqual([
      {
        path: expect.stringMatching(/^tasks\[1\]\.(input|config\.(cwd|a\[0\]))$/),
        message: expect.stringContaining('can be had only in the command of a shell task'),
        got: '${tasks.x.output.y:file}',
        expected: 'a reference to the value itself',
        didYouMean: '${tasks.x.output.y}',
      },
    ]);
  });

  test('accepts a reference to a file in a raw field, and finds its task', () => {
    const command = 'wc ${tasks.x.output:file}';
    const task = { id: 'a', executor: 'shell', config: { command } };
    const known = { id: 'x', executor: 'noop' };
    expect(faultsOf({ tasks: [known, { ...task, depends_on: ['x'] }] })).toEqual([]);
    expect(faultsOf({ tasks: [known, task] })).toMatchObject([
      { expected: 'add "x" to tasks[1].depends_on' },
    ]);
  });

  test('leaves it to the fault of an unknown executor what it would read', () => {
    const task = { id: 'a', executor: 'shel', config: { command: '${tasks.x.output:file}' } };
    const tasks = [
      { id: 'x', executor: 'noop' },
      { ...task, depends_on: ['x'] },
    ];
    expect(faultsOf({ tasks })).toMatchObject([{ path: 'tasks[1].executor', got: 'shel' }]);
  });

  test('tells a reference to a task that is not a direct dependency what to add', () => {
    const tasks = [
      { id: 'a', executor: 'noop' },
      { id: 'b', executor: 'noop', depends_on: ['a'] },
      {
        id: 'c',
        executor: 'noop',
        depends_on: ['b'],
        config: { x: ['${tasks.a.output}', '${tasks.a.output.y}'] },
        input: 'also ${tasks.aa.output}',
      },
    ];
    expect(faultsOf({ tasks })).toEqual([
      {
        path: 'tasks[2].config.x[0]',
        message: '${tasks.a.output} needs "a" in depends_on of this task',
        got: '${tasks.a.output}',
        expected: 'add "a" to tasks[2].depends_on',
      },
      {
        path: 'tasks[2].input',
        message: '${tasks.aa.output} names a task that this flow does not have',
        got: '${tasks.aa.output}',
        expected: 'a task in depends_on',
        didYouMean: 'a',
      },
    ]);
  });

  test('tells each knot of tasks once, and follows a chain of 10,000 without recursion', () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => ({
      id: `t${index}`,
      executor: 'noop',
      depends_on: index === 0 ? ['t9999'] : [`t${index - 1}`],
    }));
    const [fault, ...others] = faultsOf({ tasks: chain });
    expect(others).toEqual([]);
    expect(fault?.message).toBe(
      'these tasks wait for each other: ' +
        't0 → t9999 → t9998 → t9997 → t9996 → t9995 → t9994 → t9993 → … (9991 more) → t1 → t0',
    );
    expect(faultsOf({ tasks: chain.with(0, { ...chain[0]!, depends_on: [] }) })).toEqual([]);
  });

  test('tells the first 50 faults and how many more there are', () => {
    const tasks = Array.from({ length: 200 }, (_, index) => ({ id: `t${index}`, executor: 'x' }));
    const faults = faultsOf({ tasks });
    expect(faults).toHaveLength(51);
    expect(faults.at(-1)).toEqual({ path: '', message: '150 more faults are not listed' });
  });

  test('shortens what it found when that is long', () => {
    const [fault] = faultsOf(withTask({ retries: 'x'.repeat(5_000) }));
    expect(fault?.got).toBe(`${'x'.repeat(100)}… (5000 characters)`);
  });

  test('shortens the path when a key is long', () => {
    const [fault] = faultsOf(withTask({ input: { ['k'.repeat(5_000)]: '${tasks.}' } }));
    expect(fault?.path).toBe(`tasks[0].input["${'k'.repeat(100)}… (5000 characters)"]`);
  });
});

describe('the code of a rejection', () => {
  test('is invalid_input when anything is malformed', () => {
    const input = { ...withTask({ id: '' }), webhooks: {} };
    expect(parse(input)).toMatchObject({ code: 'invalid_input', faults: [{}, {}] });
  });

  test('is unsupported when webhooks are all that is wrong, and they are never dropped', () => {
    for (const webhooks of [{ on_complete: 'https://example.org' }, null, 'x']) {
      expect(parse({ ...withTask({}), webhooks })).toMatchObject({
        code: 'unsupported',
        faults: [{ path: 'webhooks' }],
      });
    }
  });

  test.each([
    [
      'more than 10,000 tasks',
      {
        tasks: Array.from({ length: 10_001 }, (_, index) => ({
          id: `t${index}`,
          executor: 'noop',
        })),
      },
      { path: 'tasks', got: 10_001 },
    ],
    [
      'more than 100,000 dependencies',
      withTask({ depends_on: Array.from({ length: 100_001 }, () => 'b') }),
      { path: 'tasks', got: 100_001 },
    ],
    ['a task over 1 MiB', withTask({ input: 'x'.repeat(1024 * 1024) }), { path: 'tasks[0].input' }],
    [
      'config and input over 1 MiB together, in bytes',
      withTask({ config: { x: 'é'.repeat(300_000) }, input: 'é'.repeat(300_000) }),
      { path: 'tasks[0]', got: '1200010 bytes of JSON' },
    ],
    [
      'a flow over 16 MiB',
      {
        tasks: Array.from({ length: 17 }, (_, index) => ({
          id: `t${index}`,
          executor: 'noop',
          input: 'x'.repeat(1024 * 1024 - 2),
        })),
      },
      { path: 'tasks', got: '17825792 bytes of JSON' },
    ],
  ])('is limit_exceeded for %s', (_, input, fault) => {
    expect(parse(input)).toMatchObject({ code: 'limit_exceeded', faults: [fault] });
  });

  test('a task of exactly 1 MiB is accepted', () => {
    expect(faultsOf(withTask({ input: 'x'.repeat(1024 * 1024 - 2) }))).toEqual([]);
  });
});
