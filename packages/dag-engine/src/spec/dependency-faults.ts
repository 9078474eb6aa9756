import type { Fault } from '@tasked/core';
import { findCycles } from './cycles.ts';
import type { FaultList } from './fault-list.ts';
import type { TaskDraft } from './flow-draft.ts';
import { type Nearest, nearestOf } from './nearest.ts';
import { showValue } from './show-value.ts';

/** The first task of each id. */
export type TasksById = ReadonlyMap<string, TaskDraft>;

/** The tasks that can be named by their id. */
export function tasksById(drafts: readonly TaskDraft[]): TasksById {
  const byId = new Map<string, TaskDraft>();
  for (const draft of drafts) {
    if (draft.id !== undefined && !byId.has(draft.id)) byId.set(draft.id, draft);
  }
  return byId;
}

/**
 * Adds ids that are used twice, dependencies that name no other task or name it twice, cycles, and tasks
 * that wait for a failure of nothing.
 */
export function addDependencyFaults(drafts: readonly TaskDraft[], faults: FaultList): void {
  const byId = tasksById(drafts);
  const nearest = nearestOf(byId.keys());
  for (const draft of drafts) {
    const first = draft.id === undefined ? undefined : byId.get(draft.id);
    if (first !== undefined && first !== draft) {
      faults.add('invalid_input', () => duplicateId(draft, first));
    }
    addEdgeFaults(draft, { byId, nearest, faults });
    if (draft.triggerRule === 'any_failed' && draft.dependsOn.length === 0) {
      faults.add('invalid_input', () => reactsToNothing(draft));
    }
  }
  addCycleFaults(drafts, byId, faults);
}

interface Known {
  readonly byId: TasksById;
  readonly nearest: Nearest;
  readonly faults: FaultList;
}

function addEdgeFaults(draft: TaskDraft, { byId, nearest, faults }: Known): void {
  const seen = new Set<string>();
  for (const [position, id] of draft.dependsOn.entries()) {
    if (typeof id !== 'string') continue;
    if (seen.has(id)) faults.add('invalid_input', () => listedTwice(draft, position, id));
    else if (id === draft.id)
      faults.add('invalid_input', () => dependsOnItself(draft, position, id));
    else if (!byId.has(id)) {
      faults.add('invalid_input', () => unknownTask(draft, position, { id, nearest }));
    }
    seen.add(id);
  }
}

function addCycleFaults(drafts: readonly TaskDraft[], byId: TasksById, faults: FaultList): void {
  const edges = drafts.map((draft) => knownDependencies(draft, byId));
  for (const cycle of findCycles(edges)) {
    faults.add('invalid_input', () => cycleFault(cycle.map((index) => drafts[index] as TaskDraft)));
  }
}

/** Places of the tasks that `draft` depends on, itself not among them. */
function knownDependencies(draft: TaskDraft, byId: TasksById): readonly number[] {
  const places: number[] = [];
  for (const id of draft.dependsOn) {
    const dependency = typeof id === 'string' ? byId.get(id) : undefined;
    if (dependency !== undefined && dependency.id !== draft.id) places.push(dependency.index);
  }
  return places;
}

function duplicateId(draft: TaskDraft, first: TaskDraft): Fault {
  return {
    path: `tasks[${draft.index}].id`,
    message: `is already the id of tasks[${first.index}]`,
    got: showValue(draft.id),
    expected: 'an id that no other task of the flow has',
  };
}

function reactsToNothing(draft: TaskDraft): Fault {
  return {
    path: `tasks[${draft.index}].trigger_rule`,
    message: 'runs only after a failure, and the task depends on nothing that could fail',
    got: 'any_failed',
    expected: 'tasks in depends_on, or another rule',
  };
}

function listedTwice(draft: TaskDraft, position: number, id: string): Fault {
  return {
    path: edgePath(draft, position),
    message: 'is listed twice',
    got: showValue(id),
    expected: 'each id once',
  };
}

function dependsOnItself(draft: TaskDraft, position: number, id: string): Fault {
  return {
    path: edgePath(draft, position),
    message: 'a task cannot depend on itself',
    got: showValue(id),
    expected: 'the id of another task of the flow',
  };
}

function unknownTask(
  draft: TaskDraft,
  position: number,
  { id, nearest }: { readonly id: string; readonly nearest: Nearest },
): Fault {
  const meant = nearest(id, draft.id);
  return {
    path: edgePath(draft, position),
    message: 'no task of the flow has this id',
    got: showValue(id),
    expected: 'the id of another task of the flow',
    ...(meant === undefined ? {} : { didYouMean: meant }),
  };
}

const IDS_SHOWN = 10;

function cycleFault(cycle: readonly TaskDraft[]): Fault {
  const [first, second] = cycle as readonly [TaskDraft, TaskDraft];
  const ids = [...cycle, first].map(({ id }) => String(showValue(id)));
  const hidden = ids.length - IDS_SHOWN;
  if (hidden > 1) ids.splice(IDS_SHOWN - 2, hidden, `… (${hidden} more)`);
  return {
    path: edgePath(first, first.dependsOn.indexOf(second.id)),
    message: `these tasks wait for each other: ${ids.join(' → ')}`,
    got: showValue(second.id),
    expected: 'dependencies without a cycle',
  };
}

function edgePath(draft: TaskDraft, position: number): string {
  return `tasks[${draft.index}].depends_on[${position}]`;
}
