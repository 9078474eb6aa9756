import {
  type DependencyCounters,
  fate,
  type SkipCause,
  type TriggerRule,
  type Verdict,
} from './fate.ts';

/** A dependent as the store has it, named by the store's own key. */
export interface Dependent<Key> extends DependencyCounters {
  readonly key: Key;
  readonly rule: TriggerRule;
  /** False when the task has already ended or started: its counters no longer decide anything. */
  readonly blocked: boolean;
}

/** What a tick does to one dependent: its new counters, and its fate if that was still open. */
export interface Touched<Key> extends DependencyCounters {
  readonly key: Key;
  readonly outcome: 'blocked' | 'ready' | 'skipped';
  readonly cause: SkipCause | null;
}

/**
 * Carries the ends of tasks to everything that depends on them, skips included, and says what each
 * touched dependent becomes. Visits every edge once, in the order of `ended`. `dependentsOf` MUST
 * return the stored counters as they were before the tick; a dependent that several ended tasks share
 * is accumulated here.
 */
export function propagate<Key>(
  ended: Iterable<readonly [Key, Verdict]>,
  dependentsOf: (key: Key) => Iterable<Dependent<Key>>,
): readonly Touched<Key>[] {
  const touched = new Map<Key, Draft<Key>>();
  const work: (readonly [Key, Verdict])[] = [...ended];
  for (let next = 0; next < work.length; next++) {
    const [parent, how] = work[next] as readonly [Key, Verdict];
    for (const stored of dependentsOf(parent)) {
      let draft = touched.get(stored.key);
      if (draft === undefined) {
        draft = draftOf(stored);
        touched.set(stored.key, draft);
      }
      draft.open -= 1;
      if (how === 'failure') draft.failed += 1;
      else if (how === 'skip') draft.skipped += 1;
      if (draft.open > 0 || !draft.blocked) continue;
      const decided = fate(draft, draft.rule);
      draft.outcome = decided.kind;
      if (decided.kind === 'skipped') {
        draft.cause = decided.cause;
        work.push([draft.key, decided.cause === 'upstream_failed' ? 'failure' : 'skip']);
      }
    }
  }
  return [...touched.values()];
}

interface Draft<Key> {
  readonly key: Key;
  readonly rule: TriggerRule;
  readonly blocked: boolean;
  open: number;
  failed: number;
  skipped: number;
  outcome: 'blocked' | 'ready' | 'skipped';
  cause: SkipCause | null;
}

function draftOf<Key>(stored: Dependent<Key>): Draft<Key> {
  const { key, rule, blocked, open, failed, skipped } = stored;
  return { key, rule, blocked, open, failed, skipped, outcome: 'blocked', cause: null };
}
