import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { executors, faultsOf, parse } from '../../test/known-executors.ts';
import type { FlowSpec } from './flow-spec.ts';
import { planFlow, planQueue } from './plan-flow.ts';

interface Task {
  readonly id: string;
  readonly executor: string;
  readonly config?: object;
  readonly input?: unknown;
  readonly depends_on: readonly string[];
  readonly [field: string]: unknown;
}

/** An object with some of the fields that the schema knows, and others, of any value. */
function looseObject(fields: readonly string[]): fc.Arbitrary<object> {
  const field = fc.oneof(fc.constantFrom(...fields), fc.string());
  return fc.dictionary(
    field,
    fc.oneof(fc.jsonValue(), fc.constantFrom('a', 'noop', '${tasks.a.output}')),
  );
}

const looseTask = looseObject(['id', 'executor', 'config', 'input', 'depends_on', 'retries']);
const looseFlow = fc
  .tuple(looseObject(['queue', 'queue_config', 'webhooks', 'idempotency_key']), fc.array(looseTask))
  .map(([head, tasks]) => ({ ...head, tasks }));

/** Sound tasks: each depends on some before it and refers to outputs of those, in any order of listing. */
const soundTasks: fc.Arbitrary<readonly Task[]> = fc
  .array(fc.record({ picks: fc.array(fc.nat(), { maxLength: 4 }), extra: fc.jsonValue() }), {
    minLength: 1,
    maxLength: 12,
  })
  .chain((drafts) => {
    const tasks = drafts.map(({ picks, extra }, index) => {
      const places = index === 0 ? [] : [...new Set(picks.map((pick) => pick % index))];
      const depends_on = places.map((place) => `task-${place}`);
      const input = { extra, outputs: depends_on.map((id) => `\${tasks.${id}.output.x}`) };
      return { id: `task-${index}`, executor: 'noop', depends_on, input };
    });
    return fc.shuffledSubarray(tasks, { minLength: tasks.length });
  });

/** One thing to spoil in one task, and where the fault has to be told. */
interface Planted {
  readonly spoil: (task: Task, tasks: readonly Task[]) => object;
  readonly path: (task: Task) => string;
}

const PLANTED: Readonly<Record<string, Planted>> = {
  'an unknown field': { spoil: () => ({ colour: 'red' }), path: () => '.colour' },
  'a wrong type': { spoil: () => ({ retries: 'many' }), path: () => '.retries' },
  'an unknown executor': { spoil: () => ({ executor: 'nop' }), path: () => '.executor' },
  'an unknown dependency': {
    spoil: ({ depends_on }) => ({ depends_on: [...depends_on, 'nobody'] }),
    path: ({ depends_on }) => `.depends_on[${depends_on.length}]`,
  },
  'a dependency on itself': {
    spoil: ({ id, depends_on }) => ({ depends_on: [...depends_on, id] }),
    path: ({ depends_on }) => `.depends_on[${depends_on.length}]`,
  },
  'an undeclared reference': {
    spoil: () => ({ config: { deep: [1, { x: 'see ${tasks.nobody.output}' }] } }),
    path: () => '.config.deep[1].x',
  },
  'a malformed reference': {
    spoil: () => ({ config: { x: '${tasks.nobody}' } }),
    path: () => '.config.x',
  },
  'a config that its executor refuses': {
    spoil: () => ({ executor: 'shell', config: { command: null } }),
    path: () => '.config.command',
  },
};

/** True when some task can reach itself, found by following every path to its end. */
function hasCycle(edges: ReadonlyMap<string, readonly string[]>): boolean {
  const ends = (id: string, above: readonly string[]): boolean =>
    above.includes(id) || (edges.get(id) ?? []).some((next) => ends(next, [...above, id]));
  return [...edges.keys()].some((id) => ends(id, []));
}

describe('parseFlowSpec', () => {
  test('throws for no JSON, whether it looks like a flow or not', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything(), looseFlow), (input) => {
        for (const fault of faultsOf(input)) {
          expect(fault.message).not.toBe('');
          expect(JSON.parse(JSON.stringify(fault))).toEqual(fault);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('accepts every sound flow, and it can be planned', () => {
    fc.assert(
      fc.property(soundTasks, (tasks) => {
        const parsed = parse({ tasks });
        expect(parsed.kind).toBe('accepted');
        const { spec } = parsed as { readonly spec: FlowSpec };
        const { defaults } = planQueue(spec);
        const planned = planFlow({ spec, id: 'f_1', owner: '', now: 0, defaults, executors });
        for (const [index, task] of planned.tasks.entries()) {
          expect(task.needs).toEqual(tasks[index]?.depends_on);
        }
      }),
    );
  });

  test.each(Object.entries(PLANTED))('tells %s at its place, and nothing else', (_, planted) => {
    fc.assert(
      fc.property(soundTasks, fc.nat(), (tasks, pick) => {
        const index = pick % tasks.length;
        const task = tasks[index]!;
        const spoilt = tasks.with(index, { ...task, ...planted.spoil(task, tasks) } as Task);
        expect(faultsOf({ tasks: spoilt }).map(({ path }) => path)).toEqual([
          `tasks[${index}]${planted.path(task)}`,
        ]);
      }),
    );
  });

  test('tells a cycle exactly when following the dependencies finds one', () => {
    const edges = fc.integer({ min: 1, max: 7 }).chain((size) =>
      fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), {
        minLength: size,
        maxLength: size,
      }),
    );
    fc.assert(
      fc.property(edges, (lists) => {
        const tasks = lists.map((list, index) => ({
          id: `t${index}`,
          executor: 'noop',
          depends_on: list.filter((other) => other !== index).map((other) => `t${other}`),
        }));
        const cycles = faultsOf({ tasks });
        expect(cycles.length > 0).toBe(
          hasCycle(new Map(tasks.map(({ id, depends_on }) => [id, depends_on]))),
        );
        for (const { message } of cycles) {
          const ids = message.replace('these tasks wait for each other: ', '').split(' → ');
          expect(ids.at(-1)).toBe(ids[0]);
          for (const [place, id] of ids.slice(1).entries()) {
            expect(tasks.find((task) => task.id === ids[place])?.depends_on).toContain(id);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
