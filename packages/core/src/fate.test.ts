import { describe, expect, test } from 'vitest';
import {
  type Fate,
  fate,
  type SkipCause,
  type TaskEnd,
  TRIGGER_RULES,
  type TriggerRule,
  type Verdict,
  verdict,
} from './fate.ts';

const FEW = [0, 1, 2, 3];
const COUNTERS = FEW.flatMap((open) =>
  FEW.flatMap((failed) => FEW.map((skipped) => ({ open, failed, skipped }))),
);

const READY: Fate = { kind: 'ready' };
const skip = (cause: SkipCause): Fate => ({ kind: 'skipped', cause });

/** What becomes of a task once nothing is open, by whether some failed and some were skipped. */
const DECIDED: Readonly<Record<TriggerRule, readonly [string, Fate][]>> = {
  all_success: [
    ['neither', READY],
    ['skipped', skip('upstream_skipped')],
    ['failed', skip('upstream_failed')],
    ['both', skip('upstream_failed')],
  ],
  none_failed: [
    ['neither', READY],
    ['skipped', READY],
    ['failed', skip('upstream_failed')],
    ['both', skip('upstream_failed')],
  ],
  any_failed: [
    ['neither', skip('nothing_failed')],
    ['skipped', skip('nothing_failed')],
    ['failed', READY],
    ['both', READY],
  ],
  all_done: [
    ['neither', READY],
    ['skipped', READY],
    ['failed', READY],
    ['both', READY],
  ],
};

function occurrence({ failed, skipped }: { readonly failed: number; readonly skipped: number }) {
  if (failed > 0 && skipped > 0) return 'both';
  if (failed > 0) return 'failed';
  return skipped > 0 ? 'skipped' : 'neither';
}

describe('fate', () => {
  test.each(TRIGGER_RULES)('%s decides nothing while a dependency is open', (rule) => {
    for (const counters of COUNTERS.filter(({ open }) => open > 0)) {
      expect(fate(counters, rule)).toEqual({ kind: 'blocked' });
    }
  });

  test.each(TRIGGER_RULES)('%s decides every ended set of dependencies by its table', (rule) => {
    const table = new Map(DECIDED[rule]);
    for (const counters of COUNTERS.filter(({ open }) => open === 0)) {
      expect(fate(counters, rule), JSON.stringify(counters)).toEqual(
        table.get(occurrence(counters)),
      );
    }
  });
});

describe('verdict', () => {
  const VERDICTS: readonly (readonly [TaskEnd['state'], SkipCause | null, Verdict, Verdict])[] = [
    ['succeeded', null, 'success', 'success'],
    ['failed', null, 'failure', 'success'],
    ['cancelled', null, 'failure', 'failure'],
    ['skipped', 'upstream_failed', 'failure', 'failure'],
    ['skipped', 'upstream_skipped', 'skip', 'skip'],
    ['skipped', 'nothing_failed', 'skip', 'skip'],
    ['skipped', null, 'skip', 'skip'],
  ];

  test.each(VERDICTS)('%s (%s) counts as %s, as %s where failure is allowed', (...row) => {
    const [state, cause, strict, lenient] = row;
    expect(verdict({ state, cause, allowFailure: false })).toBe(strict);
    expect(verdict({ state, cause, allowFailure: true })).toBe(lenient);
  });
});
