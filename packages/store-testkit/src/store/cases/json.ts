import type { JsonObject, JsonValue } from '@tasked/core';
import { expect } from 'vitest';
import { newTask } from '../../builders/new-task.ts';
import { failed, succeeded } from '../../builders/settlements.ts';
import { canonicalJson } from '../../canonical-json.ts';
import { deepArray, deepObject, JSON_NUMBERS, ODD_KEYS, ODD_STRINGS } from '../json-samples.ts';
import type { StoreCase } from '../store-case.ts';
import type { Workbench } from '../workbench.ts';

const MEBIBYTE = 1_048_576;

/**
 * JSON comes back as it went in: what is read is what `JSON.parse(JSON.stringify(value))` gives, so that
 * lone surrogates and NUL characters survive, and the sign of zero does not.
 */
export const jsonCases: readonly StoreCase[] = [
  {
    id: 'json.scalars',
    title: 'null, booleans, the empty string, the empty list and the empty object keep their kind',
    run: (at) => roundTrip(at, [null, true, false, '', [], {}, 0, [[]], [{}], { a: null }]),
  },
  {
    id: 'json.strings',
    title:
      'strings of any script, with control characters, NUL and lone surrogates, come back exactly',
    run: (at) => roundTrip(at, ODD_STRINGS),
  },
  {
    id: 'json.numbers',
    title: 'numbers come back as the same doubles, the largest and the smallest too',
    run: (at) => roundTrip(at, [...JSON_NUMBERS, { list: JSON_NUMBERS }]),
  },
  {
    id: 'json.keys',
    title:
      'objects keep every key, also `__proto__`, the empty one and those that look like numbers',
    run: (at) => roundTrip(at, [ODD_KEYS, { nested: [ODD_KEYS] }]),
  },
  {
    id: 'json.deep',
    title: 'lists and objects 500 levels deep come back whole',
    run: (at) => roundTrip(at, [deepArray(500), deepObject(500)]),
  },
  {
    id: 'json.large',
    title: 'texts and lists of 1 MiB come back whole',
    async run(at) {
      const text = 'x'.repeat(MEBIBYTE);
      const astral = '😀'.repeat(MEBIBYTE / 4);
      const list = Array.from({ length: 150_000 }, (_, index) => index);
      await roundTrip(at, [text, astral, list]);
    },
  },
];

/** Sends every value through a config, an input and two outputs, and compares what comes out. */
async function roundTrip(at: Workbench, values: readonly JsonValue[]): Promise<void> {
  const tasks = values.map((value, index) =>
    newTask(`t${index}`, { config: { value }, input: value, allowFailure: index % 2 === 1 }),
  );
  const flowId = await at.submit(tasks);
  const runner = await at.runner();
  const claimed = await runner.claim();
  expect(claimed).toHaveLength(values.length);
  for (const [index, value] of values.entries()) {
    const got = claimed.find(({ ref }) => ref.taskId === `t${index}`);
    if (got === undefined) expect.fail(`value ${index} was not claimed`);
    expectSame(got.config, { value });
    expectSame(got.input, value);
    await runner.settle((index % 2 === 0 ? succeeded : failed)(got.ref, value));
  }
  const refs = tasks.map(({ id }) => ({ flowId, taskId: id }));
  const outputs = await at.store.readOutputs(refs, 100 * MEBIBYTE);
  const previews = await at.store.previewOutputs(refs, 10 * MEBIBYTE);
  for (const [index, value] of values.entries()) {
    const output = outputs[index];
    if (output?.kind !== 'output') expect.fail(`value ${index} has no output`);
    expectSame(output.value, value);
    const preview = previews[index];
    expect(preview?.bytes).toBe(Buffer.byteLength(JSON.stringify(value)));
    expectSame(JSON.parse(preview?.text ?? '') as JsonValue, value);
  }
}

/** Compares as JSON does; says where the texts part, since they may be huge. */
function expectSame(actual: JsonValue | JsonObject, expected: JsonValue): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  const [got, want] = [canonicalJson(actual), canonicalJson(expected)];
  if (got === want) return;
  let place = 0;
  while (got[place] === want[place]) place++;
  const from = Math.max(0, place - 20);
  expect(got.slice(from, place + 60), `from place ${from}`).toBe(want.slice(from, place + 60));
}
