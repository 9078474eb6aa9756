import { type TaskStatus, validStatuses } from '@tasked/core';
import fc from 'fast-check';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What is done to one task of one owner. */
export const OPERATIONS = [
  'get',
  'amend',
  'work',
  'wait-for-input',
  'cancel',
  'complete',
  'fail',
  'ask',
  'answer',
  'delete',
] as const;

/** One of {@link OPERATIONS}. */
export type Operation = (typeof OPERATIONS)[number];

/** Keys of inputs that are asked for, and answered. */
export const KEYS = ['a', 'b', '__proto__'] as const;

/** One step of a sequence. Owners and ids are numbers, so that many sequences can share a store. */
export type TaskCommand =
  | {
      readonly do: 'create';
      readonly owner: number;
      readonly id: number;
      readonly ttlMs: number | null;
    }
  | {
      readonly do: Operation;
      readonly owner: number;
      readonly id: number;
      readonly keys: readonly string[];
    }
  | { readonly do: 'list'; readonly owner: number; readonly status: TaskStatus | null }
  | { readonly do: 'cleanup' }
  | { readonly do: 'wait'; readonly ms: number };

const owner = fc.nat({ max: 1 });
const id = fc.nat({ max: 2 });
const keys = fc.subarray([...KEYS]);

/** One operation on a task that is known to be there. */
export const operation: fc.Arbitrary<{ readonly do: Operation; readonly keys: readonly string[] }> =
  fc.record({ do: fc.constantFrom(...OPERATIONS), keys });

/** What may happen, in any order. */
export const commands: fc.Arbitrary<readonly TaskCommand[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('create' as const),
        owner,
        id,
        ttlMs: fc.constantFrom(0, 2 * HOUR, null),
      }),
    },
    { weight: 12, arbitrary: fc.record({ do: fc.constantFrom(...OPERATIONS), owner, id, keys }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('list' as const),
        owner,
        status: fc.option(fc.constantFrom(...validStatuses)),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cleanup' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('wait' as const),
        ms: fc.constantFrom(1, 30 * MINUTE, HOUR, 3 * HOUR),
      }),
    },
  ),
  { minLength: 1, maxLength: 40, size: 'max' },
);
