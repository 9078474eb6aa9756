import { TRIGGER_RULES } from '@tasked/core';
import fc from 'fast-check';
import {
  type Command,
  ENDS,
  EXECUTORS,
  type FlowShape,
  KEYS,
  type Sequence,
  type SettleChoice,
  type TaskShape,
  type TickCommand,
} from './sequence.ts';

const USUAL_ENDS = [
  'succeed',
  'succeed',
  'succeed',
  'succeed',
  'succeed',
  'fail',
  'fail',
  'ask',
] as const;

const BOTH = [EXECUTORS, EXECUTORS, EXECUTORS];

const some = fc.nat({ max: 11 });
const delayMs = fc.constantFrom(0, 10, 25, 70);
const rarely = often(1);

/** True in `n` of ten. */
function often(n: number): fc.Arbitrary<boolean> {
  return fc.nat({ max: 9 }).map((roll) => roll >= 10 - n);
}

const task: fc.Arbitrary<TaskShape> = fc.record({
  dependsOn: fc.array(often(5), { minLength: 2, maxLength: 5 }),
  executor: fc.constantFrom(...EXECUTORS),
  rule: fc.constantFrom(...TRIGGER_RULES),
  allowFailure: often(3),
  priority: fc.nat({ max: 2 }),
  retries: fc.nat({ max: 2 }),
  holds: rarely.map(Number),
});

const flow: fc.Arbitrary<FlowShape> = fc.record({
  queue: fc.nat({ max: 1 }),
  failFast: often(3),
  ttlMs: fc.option(fc.constantFrom(0, 40, 200), { freq: 2 }),
  backwards: often(3),
  tasks: fc.array(task, { minLength: 1, maxLength: 8, size: 'max' }),
});

const settle: fc.Arbitrary<SettleChoice> = fc.record({
  attempt: some,
  own: often(9),
  staleBy: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1, -1),
  how: fc.constantFrom(...USUAL_ENDS, ...ENDS),
  delayMs,
  keys: fc.subarray([...KEYS]),
  hasDeadline: often(4),
});

const tick: fc.Arbitrary<TickCommand> = fc.record({
  do: fc.constant('tick' as const),
  runner: some,
  settle: fc.array(settle, { maxLength: 4 }),
  claim: fc.option(
    fc.record({
      limit: fc.integer({ min: 1, max: 6 }),
      executors: fc.constantFrom<readonly string[]>(...BOTH, ...BOTH, ['noop'], ['shell']),
      queue: fc.constantFrom(null, null, null, null, 0, 1),
    }),
    { freq: 6 },
  ),
});

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 20, arbitrary: tick },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('submit' as const), flow }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: delayMs }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('late-tick' as const), runner: some }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), flow: some }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), runner: some }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      flow: some,
      answers: fc.array(fc.record({ task: some, key: fc.constantFrom(...KEYS) }), {
        maxLength: 4,
        size: 'max',
      }),
      asked: often(9),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      attempt: some,
      staleBy: fc.constantFrom(0, 0, 0, 0, 0, -1, 1),
      saved: fc.option(fc.nat({ max: 3 })),
      progress: fc.option(
        fc.record({
          message: fc.constantFrom('', 'half', '\u00fc"\u{1F642}'),
          fraction: fc.constantFrom(null, 0, 0.1, 1),
        }),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('take-over' as const),
      runner: some,
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('prune' as const),
      retentionMs: fc.constantFrom(0, 0, 10, 70),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('pause' as const),
      queue: fc.nat({ max: 1 }),
      paused: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      flow: some,
      tasks: fc.array(some, { minLength: 1, maxLength: 3 }),
      held: often(8),
      change: fc.constantFrom(1 as const, -1 as const, -1 as const),
    }),
  },
);

/** Random histories; every one begins with a flow. Without the bias to small ones, which hide little. */
export const randomSequence: fc.Arbitrary<Sequence> = fc.noBias(
  fc.record({
    slots: fc.tuple(slots(), slots()),
    runners: fc.integer({ min: 1, max: 3 }),
    commands: fc
      .tuple(flow, fc.array(command, { maxLength: 50, size: 'max' }))
      .map(([first, rest]) => [{ do: 'submit', flow: first }, ...rest]),
  }),
);

function slots(): fc.Arbitrary<number | null> {
  return fc.option(fc.integer({ min: 1, max: 3 }), { freq: 2 });
}
