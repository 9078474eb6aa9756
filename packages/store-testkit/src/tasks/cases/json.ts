import type { JsonValue } from '@tasked/core';
import { expect } from 'vitest';
import { canonicalJson } from '../../canonical-json.ts';
import {
  deepArray,
  deepObject,
  JSON_NUMBERS,
  ODD_KEYS,
  ODD_STRINGS,
} from '../../store/json-samples.ts';
import type { TaskBench } from '../task-bench.ts';
import type { TaskStoreCase } from '../task-store-case.ts';

/** JSON comes back as it went in: as `JSON.parse(JSON.stringify(value))` gives it. */
export const taskJsonCases: readonly TaskStoreCase[] = [
  {
    id: 'task-json.strings',
    title: 'strings with control characters, NUL and lone surrogates come back exactly, everywhere',
    async run(at) {
      await roundTrip(at, ODD_STRINGS);
      for (const [n, text] of ODD_STRINGS.entries()) {
        const task = await at.create({
          id: `s${n}`,
          statusMessage: text,
          toolName: text,
          method: text,
        });
        expect(await at.read(task)).toEqual(task);
      }
    },
  },
  {
    id: 'task-json.values',
    title: 'numbers, keys and depths come back as they were',
    run: (at) =>
      roundTrip(at, [null, [], {}, '', ...JSON_NUMBERS, ODD_KEYS, deepArray(500), deepObject(500)]),
  },
  {
    id: 'task-json.large',
    title: 'a task with payloads of a mebibyte each comes back whole',
    run: (at) => roundTrip(at, ['x'.repeat(1_048_576), '😀'.repeat(262_144)]),
  },
  {
    id: 'task-json.input-keys',
    title: 'inputs are kept under any key, `__proto__` too',
    async run(at) {
      const keys = ['__proto__', 'constructor', '0', '-', 'a.b:c'];
      const input = { state: 'outstanding', request: { method: 'x' }, requestedAt: 1 } as const;
      const inputs = Object.fromEntries(keys.map((key) => [key, input]));
      const task = await at.create({ inputs });
      expect(canonicalJson((await at.read(task))?.inputs ?? null)).toBe(canonicalJson(inputs));
    },
  },
];

/** Sends every value through arguments, metadata, an answer and a result, and compares what comes out. */
async function roundTrip(at: TaskBench, values: readonly JsonValue[]): Promise<void> {
  for (const [n, value] of values.entries()) {
    const task = await at.create({ id: `t${n}`, arguments: { value }, metadata: { value } });
    const request = { method: 'x', params: value };
    await at.put({
      ...task,
      status: 'completed',
      outcome: { kind: 'result', result: { value } },
      inputs: {
        q: { state: 'answered', request, requestedAt: 1, response: value, answeredAt: 2 },
      },
      version: 2,
    });
    const read = await at.read(task);
    const { q } = read?.inputs ?? {};
    const found = [
      read?.arguments.value,
      read?.metadata.value,
      read?.outcome?.kind === 'result' && read.outcome.result.value,
      q?.request.params,
      q?.state === 'answered' && q.response,
    ];
    const wanted = canonicalJson(JSON.parse(JSON.stringify(value)) as JsonValue);
    for (const one of found) expect(canonicalJson(one as JsonValue)).toBe(wanted);
  }
}
