import type { FlowTaskState } from './flow-task-state.ts';

/**
 * When a task runs, judged once all its dependencies have ended: `all_success`: none failed, none
 * skipped. `none_failed`: none failed (joins branches). `any_failed`: at least one failed.
 * `all_done`: always.
 */
export const TRIGGER_RULES = ['all_success', 'none_failed', 'any_failed', 'all_done'] as const;

/** One of {@link TRIGGER_RULES}. */
export type TriggerRule = (typeof TRIGGER_RULES)[number];

/** What a task knows of its dependencies and holds: how many are open, ended badly, were skipped. */
export interface DependencyCounters {
  readonly open: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Why a task was skipped. `upstream_failed` counts as a failure further down, the others as a skip:
 * `upstream_skipped`: a dependency was skipped. `nothing_failed`: `any_failed` had nothing to react to.
 */
export type SkipCause = 'upstream_failed' | 'upstream_skipped' | 'nothing_failed';

/** What becomes of a task: it stays blocked, may run, or is skipped for ever. */
export type Fate =
  | { readonly kind: 'blocked' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'skipped'; readonly cause: SkipCause };

const BLOCKED: Fate = { kind: 'blocked' };
const READY: Fate = { kind: 'ready' };

/** Decides a task's fate from its counters alone, in constant time. */
export function fate(counters: DependencyCounters, rule: TriggerRule): Fate {
  if (counters.open > 0) return BLOCKED;
  if (rule === 'all_done') return READY;
  if (rule === 'any_failed') {
    return counters.failed > 0 ? READY : { kind: 'skipped', cause: 'nothing_failed' };
  }
  if (counters.failed > 0) return { kind: 'skipped', cause: 'upstream_failed' };
  if (rule === 'all_success' && counters.skipped > 0) {
    return { kind: 'skipped', cause: 'upstream_skipped' };
  }
  return READY;
}

/** How an ended task counts for its dependents. */
export type Verdict = 'success' | 'failure' | 'skip';

/** A task's end, as far as its dependents care. */
export interface TaskEnd {
  readonly state: Extract<FlowTaskState, 'succeeded' | 'failed' | 'cancelled' | 'skipped'>;
  readonly allowFailure: boolean;
  readonly cause: SkipCause | null;
}

/** How an ended task counts: `allowFailure` forgives its own failure, a cancelled task counts as failed. */
export function verdict(end: TaskEnd): Verdict {
  if (end.state === 'succeeded') return 'success';
  if (end.state === 'failed') return end.allowFailure ? 'success' : 'failure';
  if (end.state === 'cancelled') return 'failure';
  return end.cause === 'upstream_failed' ? 'failure' : 'skip';
}
