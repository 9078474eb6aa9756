import type { JsonObject, JsonValue, StoredOutput } from '@tasked/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectReferences, type Outputs, resolveTask, resolveTemplate } from './templates.ts';

/** Outputs by task id. */
function outputs(values: Readonly<Record<string, JsonValue>>): Outputs {
  return new Map(
    Object.entries(values).map(([id, value]): [string, StoredOutput] => [
      id,
      { kind: 'output', value },
    ]),
  );
}

function resolved(template: JsonValue, values: Readonly<Record<string, JsonValue>>): unknown {
  const resolution = resolveTemplate(template, outputs(values));
  return resolution.kind === 'resolved' ? resolution.value : resolution.failure;
}

describe('collectReferences', () => {
  test('finds those of every text, in order, but of no key', () => {
    const value = {
      b: ['${tasks.a.output}', { '${tasks.k.output}': 'x${tasks.b.output.y}' }],
      c: 1,
    };
    expect(collectReferences(value).map(({ text }) => text)).toEqual([
      '${tasks.a.output}',
      '${tasks.b.output.y}',
    ]);
  });
});

describe('resolveTemplate', () => {
  test.each<[JsonValue]>([[null], [true], [1.5], [''], ['é'], [[1, [2]]], [{ a: { b: null } }]])(
    'a text that is one reference becomes %j with its type',
    (value) => {
      expect(resolved({ x: ['${tasks.a.output.v}'] }, { a: { v: value } })).toEqual({ x: [value] });
    },
  );

  test('inside a text, texts are put in as they are and other values as compact JSON', () => {
    expect(
      resolved(
        '${tasks.a.output[0]}|${tasks.a.output[1]}|${tasks.a.output[2].x}${tasks.a.output[0]}',
        {
          a: ['a "b"', { c: [1, null] }, { x: 7 }],
        },
      ),
    ).toBe('a "b"|{"c":[1,null]}|7a "b"');
  });

  test('leaves every other expansion, and every key, untouched', () => {
    const template = { '${tasks.a.output}': 'echo ${HOME} ${tasks.a.output} ${1:-x} $(ls)' };
    expect(resolved(template, { a: 'A' })).toEqual({
      '${tasks.a.output}': 'echo ${HOME} A ${1:-x} $(ls)',
    });
  });

  test('never looks again at what it put in', () => {
    const values = { a: { x: '${tasks.b.output}' }, b: 'secret' };
    expect(
      resolved(['${tasks.a.output.x}', 'is ${tasks.a.output.x}', '${tasks.a.output}'], values),
    ).toEqual(['${tasks.b.output}', 'is ${tasks.b.output}', { x: '${tasks.b.output}' }]);
  });

  test('does not let two values make up a reference', () => {
    const template = '${tasks.a.output}tasks.b.output}';
    expect(resolved(template, { a: '${', b: 'secret' })).toBe('${tasks.b.output}');
  });

  test('an output goes in unchanged, whatever its texts look like', () => {
    const sly = fc.constantFrom('${tasks.a.output}', '${tasks.', 'a', '}', '$', '__proto__');
    const output = fc.jsonValue().chain((value) => fc.tuple(fc.constant(value), fc.array(sly)));
    fc.assert(
      fc.property(output, ([value, texts]) => {
        const said = { value: value as JsonValue, texts, joined: texts.join('') };
        expect(resolved({ deep: ['${tasks.a.output}'] }, { a: said })).toEqual({ deep: [said] });
        expect(resolved('<${tasks.a.output.joined}>', { a: said })).toBe(`<${said.joined}>`);
        expect(resolved('${tasks.a.output} ', { a: said })).toBe(`${JSON.stringify(said)} `);
      }),
    );
  });

  test('a value without references comes back as the same object', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const template = { value: value as JsonValue };
        expect(resolved(template, {})).toBe(template);
      }),
    );
  });

  test('a field named __proto__ stays a field', () => {
    const template = JSON.parse('{"__proto__":{"x":"${tasks.a.output}"}}') as JsonObject;
    const value = resolved(template, { a: 1 });
    expect(JSON.stringify(value)).toBe('{"__proto__":{"x":1}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe('a reference that cannot be resolved', () => {
  test.each<[string, StoredOutput | undefined, string]>([
    [
      'a task that was skipped',
      { kind: 'none' },
      'task "a" has no output (it was skipped, or did not succeed)',
    ],
    [
      'an output that is not there',
      undefined,
      'task "a" has no output (it was skipped, or did not succeed)',
    ],
    [
      'an output that is too large',
      { kind: 'too_large', bytes: 99 },
      'the output of task "a" is too large (99 bytes)',
    ],
    [
      'a path that does not exist',
      { kind: 'output', value: { stdout: '', exit_code: 0 } },
      'the output has no `x`; it has stdout, exit_code',
    ],
  ])('fails the task for good: %s', (_, stored, why) => {
    const known: Outputs = new Map(stored === undefined ? [] : [['a', stored]]);
    expect(resolveTemplate({ b: ['echo ${tasks.a.output.x}'] }, known)).toEqual({
      kind: 'unresolved',
      failure: {
        code: 'unresolved_reference',
        message: `\${tasks.a.output.x} cannot be resolved: ${why}`,
        retryable: false,
      },
    });
  });

  test('the first of several is named', () => {
    expect(
      resolved(['${tasks.a.output}', '${tasks.b.output}', '${tasks.c.output}'], { a: 1 }),
    ).toMatchObject({ message: expect.stringContaining('${tasks.b.output}') });
  });

  test('so is one whose repetition would fill the memory', () => {
    const template = '${tasks.a.output}'.repeat(100);
    expect(resolved(template, { a: 'x'.repeat(1024 * 1024) })).toMatchObject({
      code: 'unresolved_reference',
      message: expect.stringContaining('exceed 67108864 characters'),
    });
  });
});

describe('resolveTask', () => {
  const task = {
    config: { command: 'echo "${tasks.a.output.x}" ${tasks.b.output}', cwd: '/${tasks.b.output}' },
    input: '${tasks.a.output}',
    rawFields: ['command'],
  };

  test('leaves raw fields in place and hands their values beside', () => {
    expect(resolveTask(task, outputs({ a: { x: '"; rm -rf /' }, b: 'B' }))).toEqual({
      kind: 'resolved',
      value: {
        config: { command: task.config.command, cwd: '/B' },
        input: { x: '"; rm -rf /' },
        references: new Map([
          ['${tasks.a.output.x}', '"; rm -rf /'],
          ['${tasks.b.output}', 'B'],
        ]),
      },
    });
  });

  test('hands over the value of a reference to a file like any other', () => {
    const config = { command: 'wc ${tasks.b.output:file} ${tasks.b.output}' };
    expect(resolveTask({ ...task, config }, outputs({ a: {}, b: 'B' }))).toMatchObject({
      value: {
        config,
        references: new Map([
          ['${tasks.b.output:file}', 'B'],
          ['${tasks.b.output}', 'B'],
        ]),
      },
    });
  });

  test('fails when a reference in a raw field has no value', () => {
    expect(resolveTask(task, outputs({ a: {}, b: 'B' }))).toMatchObject({
      kind: 'unresolved',
      failure: { message: expect.stringContaining('${tasks.a.output.x}') },
    });
  });
});
