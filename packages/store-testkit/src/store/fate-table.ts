import {
  type FlowTaskId,
  type NewFlowTask,
  type SkipCause,
  TRIGGER_RULES,
  type TriggerRule,
} from '@tasked/core';
import { newTask } from '../builders/new-task.ts';

/** How a dependency can end: the first word is how its dependents count it. */
const ENDINGS = [
  'success',
  'success-forgiven',
  'failure',
  'failure-skipped',
  'failure-skipped-allowed',
  'skip-nothing-failed',
  'skip-upstream-skipped',
] as const;

type Ending = (typeof ENDINGS)[number];

/** Most dependencies that a child of the table has. */
const WIDTH = 3;

/** One dependency of a child: a task that ends that way as soon as its root is settled. */
interface Parent {
  readonly id: FlowTaskId;
  readonly ending: Ending;
  readonly root: FlowTaskId;
}

/** A task of the table whose fate is to be looked at. */
export interface TableChild {
  readonly id: FlowTaskId;
  readonly rule: TriggerRule;
  readonly mix: readonly Parent[];
}

/**
 * One flow in which every trigger rule meets every mix of one to three endings. `roots` are to be
 * settled as `fails` says; all else follows.
 */
export function fateTable(): {
  readonly tasks: readonly NewFlowTask[];
  readonly roots: readonly { readonly id: FlowTaskId; readonly fails: boolean }[];
  readonly children: readonly TableChild[];
} {
  const parents = ENDINGS.flatMap((ending) =>
    Array.from({ length: WIDTH }, (_, n) => build(ending, n)),
  );
  const byEnding = (ending: Ending) => parents.filter(({ parent }) => parent.ending === ending);
  const children = mixes(ENDINGS, WIDTH).flatMap((endings, number) => {
    const mix = endings.map((ending, place) => {
      const copy = endings.slice(0, place).filter((before) => before === ending).length;
      return (byEnding(ending)[copy] as (typeof parents)[number]).parent;
    });
    return TRIGGER_RULES.map((rule) => ({ id: `${rule}-${number}`, rule, mix }));
  });
  return {
    tasks: [...parents.flatMap(({ tasks }) => tasks), ...children.map(childTask)],
    roots: parents.map(({ parent, fails }) => ({ id: parent.root, fails })),
    children,
  };
}

/** What the rule says of a child all of whose dependencies have ended. */
export function expectedFate({ rule, mix }: TableChild): {
  readonly state: 'ready' | 'skipped';
  readonly cause: SkipCause | null;
} {
  const failed = mix.some(({ ending }) => ending.startsWith('failure'));
  const skipped = mix.some(({ ending }) => ending.startsWith('skip'));
  const skip = (cause: SkipCause) => ({ state: 'skipped', cause }) as const;
  const ready = { state: 'ready', cause: null } as const;
  switch (rule) {
    case 'all_done':
      return ready;
    case 'any_failed':
      return failed ? ready : skip('nothing_failed');
    case 'none_failed':
      return failed ? skip('upstream_failed') : ready;
    case 'all_success':
      if (failed) return skip('upstream_failed');
      return skipped ? skip('upstream_skipped') : ready;
  }
}

function childTask({ id, rule, mix }: TableChild): NewFlowTask {
  return newTask(id, { triggerRule: rule, dependsOn: mix.map((parent) => parent.id) });
}

/** A dependency that ends that way, with what it takes to get there. */
function build(
  ending: Ending,
  copy: number,
): { readonly parent: Parent; readonly fails: boolean; readonly tasks: readonly NewFlowTask[] } {
  const root = `${ending}-root${copy}`;
  const id = `${ending}-${copy}`;
  const below = { dependsOn: [root] };
  switch (ending) {
    case 'success':
      return { parent: { id: root, ending, root }, fails: false, tasks: [newTask(root)] };
    case 'success-forgiven':
      return {
        parent: { id: root, ending, root },
        fails: true,
        tasks: [newTask(root, { allowFailure: true })],
      };
    case 'failure':
      return { parent: { id: root, ending, root }, fails: true, tasks: [newTask(root)] };
    case 'failure-skipped':
      return {
        parent: { id, ending, root },
        fails: true,
        tasks: [newTask(root), newTask(id, below)],
      };
    case 'failure-skipped-allowed':
      return {
        parent: { id, ending, root },
        fails: true,
        tasks: [newTask(root), newTask(id, { ...below, allowFailure: true })],
      };
    case 'skip-nothing-failed':
      return {
        parent: { id, ending, root },
        fails: false,
        tasks: [newTask(root), newTask(id, { ...below, triggerRule: 'any_failed' })],
      };
    case 'skip-upstream-skipped':
      return {
        parent: { id, ending, root },
        fails: false,
        tasks: [
          newTask(root),
          newTask(`${id}-above`, { ...below, triggerRule: 'any_failed' }),
          newTask(id, { dependsOn: [`${id}-above`] }),
        ],
      };
  }
}

/** Every mix of one to `most` of the items; the order does not matter, an item may come again. */
function mixes<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  if (most === 0) return [];
  return items.flatMap((item, place) => [
    [item],
    ...mixes(items.slice(place), most - 1).map((rest) => [item, ...rest]),
  ]);
}
