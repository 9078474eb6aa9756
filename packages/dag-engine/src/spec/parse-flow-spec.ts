import type { Executor } from '@tasked/core';
import { addDependencyFaults } from './dependency-faults.ts';
import { FaultList } from './fault-list.ts';
import { draftTasks, fieldOf, type TaskDraft } from './flow-draft.ts';
import { MAX_EDGES } from './flow-limits.ts';
import { type FlowSpec, flowSpecSchema, MAX_TASKS } from './flow-spec.ts';
import type { FlowSpecRejection } from './flow-spec-rejection.ts';
import { addShapeFaults } from './shape-faults.ts';
import { addTaskFaults } from './task-faults.ts';

export { type FlowSpecRejection, rejectionError } from './flow-spec-rejection.ts';

/** A flow that can be planned, or everything that is wrong with it. */
export type ParsedFlowSpec =
  | { readonly kind: 'accepted'; readonly spec: FlowSpec }
  | FlowSpecRejection;

/** What a flow is judged by. */
export interface KnownExecutors {
  /** By `Executor.type`. */
  readonly executors: ReadonlyMap<string, Executor>;
}

/**
 * Reads what a client submitted: returns the flow with its defaults, or all of its faults at once, be they
 * of shape, ids, dependencies, cycles, executors and their configs, references or sizes. A flow with too
 * many tasks or dependencies is not looked at any further. Never throws, whatever JSON it gets.
 */
export function parseFlowSpec(input: unknown, { executors }: KnownExecutors): ParsedFlowSpec {
  const faults = new FaultList();
  const drafts = draftTasks(input);
  addCountFaults(drafts, faults);
  if (!faults.isEmpty) return rejected(faults);
  const parsed = flowSpecSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) addShapeFaults(parsed.error.issues, faults);
  if (fieldOf(input, 'webhooks') !== undefined) addWebhooksFault(faults);
  addDependencyFaults(drafts, faults);
  addTaskFaults(drafts, executors, faults);
  if (!parsed.success || !faults.isEmpty) return rejected(faults);
  return { kind: 'accepted', spec: parsed.data };
}

function rejected(faults: FaultList): FlowSpecRejection {
  return { kind: 'rejected', code: faults.kind, faults: faults.all() };
}

function addCountFaults(drafts: readonly TaskDraft[], faults: FaultList): void {
  if (drafts.length > MAX_TASKS) {
    faults.add('limit_exceeded', () => ({
      path: 'tasks',
      message: `a flow may have at most ${MAX_TASKS} tasks; split it, or let one task do more`,
      got: drafts.length,
      expected: `1 to ${MAX_TASKS} tasks`,
    }));
  }
  const edges = drafts.reduce((sum, draft) => sum + draft.dependsOn.length, 0);
  if (edges > MAX_EDGES) {
    faults.add('limit_exceeded', () => ({
      path: 'tasks',
      message: `all depends_on together may have at most ${MAX_EDGES} entries; join tasks through a noop task`,
      got: edges,
      expected: `at most ${MAX_EDGES}`,
    }));
  }
}

function addWebhooksFault(faults: FaultList): void {
  faults.add('unsupported', () => ({
    path: 'webhooks',
    message: 'webhooks are not available yet; leave the field out and ask for the status instead',
  }));
}
