import fc from 'fast-check';
import { ERAS } from '../raw-client.ts';

const OWNERS = ['ann', 'bob'] as const;

const owner = fc.constantFrom(...OWNERS);
const era = fc.constantFrom(...ERAS);
/** Which of the tasks that there are, counted around. */
const task = fc.nat(5);
/** Which of the inputs that there are, counted around; or one that there is not. */
const input = fc.option(fc.nat(3));
/** Whether an answer is one to a form, one to something else, or none at all. */
const shape = fc.constantFrom('accept', 'roots', 'none');

const does = <Kind extends string, Fields extends object>(
  kind: Kind,
  fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> },
) =>
  fc.record({ kind: fc.constant(kind), ...fields } as never) as fc.Arbitrary<
    { kind: Kind } & Fields
  >;

/** One thing that a client, or the work behind a task, does. */
export const anyStep = fc.oneof(
  { weight: 3, arbitrary: does('start', { era, owner }) },
  { weight: 2, arbitrary: does('workAsks', { task }) },
  {
    weight: 1,
    arbitrary: does('workEnds', { task, how: fc.constantFrom('result', 'isError', 'error') }),
  },
  { weight: 3, arbitrary: does('get', { era, owner, task }) },
  { weight: 1, arbitrary: does('cancel', { era, owner, task }) },
  { weight: 2, arbitrary: does('update', { owner, task, input, shape }) },
  { weight: 2, arbitrary: does('result', { owner, task }) },
  { weight: 2, arbitrary: does('answer', { owner, task, input, shape }) },
  { weight: 1, arbitrary: does('list', { owner }) },
);

export type Step = typeof anyStep extends fc.Arbitrary<infer Value> ? Value : never;
