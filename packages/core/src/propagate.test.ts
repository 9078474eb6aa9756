import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fate, TRIGGER_RULES, type TriggerRule, type Verdict } from './fate.ts';
import { type Dependent, propagate } from './propagate.ts';

/** A task of the model: nothing is stored but how it ended; its counters are counted anew each time. */
interface ModelTask {
  readonly rule: TriggerRule;
  readonly dependsOn: readonly number[];
  verdict: Verdict | null;
}

/** A DAG that is judged from scratch, with no propagation at all. */
class Model {
  readonly tasks: readonly ModelTask[];

  constructor(tasks: readonly Omit<ModelTask, 'verdict'>[]) {
    this.tasks = tasks.map((task) => ({ ...task, verdict: null }));
    this.#settle();
  }

  /** Ends tasks, then skips whatever has to be skipped, until nothing changes any more. */
  end(ends: readonly (readonly [number, Verdict])[]): void {
    for (const [index, verdict] of ends) this.#task(index).verdict = verdict;
    this.#settle();
  }

  counters(index: number) {
    const verdicts = this.#task(index).dependsOn.map((parent) => this.#task(parent).verdict);
    const count = (wanted: Verdict | null) => verdicts.filter((found) => found === wanted).length;
    return { open: count(null), failed: count('failure'), skipped: count('skip') };
  }

  fate(index: number) {
    return fate(this.counters(index), this.#task(index).rule);
  }

  /** Tasks that run now. */
  get running(): readonly number[] {
    return [...this.tasks.keys()].filter(
      (index) => this.#task(index).verdict === null && this.fate(index).kind === 'ready',
    );
  }

  /** The dependents of a task as a store has them at this moment. */
  dependentsOf(parent: number): readonly Dependent<number>[] {
    return [...this.tasks.keys()]
      .filter((index) => this.#task(index).dependsOn.includes(parent))
      .map((key) => {
        const blocked = this.fate(key).kind === 'blocked';
        return { key, rule: this.#task(key).rule, blocked, ...this.counters(key) };
      });
  }

  #settle(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const [index, task] of this.tasks.entries()) {
        const decided = this.fate(index);
        if (task.verdict !== null || decided.kind !== 'skipped') continue;
        task.verdict = decided.cause === 'upstream_failed' ? 'failure' : 'skip';
        changed = true;
      }
    }
  }

  #task(index: number): ModelTask {
    return this.tasks[index] as ModelTask;
  }
}

const dag = fc
  .array(
    fc.record({
      rule: fc.constantFrom(...TRIGGER_RULES),
      picks: fc.array(fc.nat(), { maxLength: 4 }),
    }),
    {
      minLength: 1,
      maxLength: 15,
    },
  )
  .map((tasks) =>
    tasks.map(({ rule, picks }, index) => ({
      rule,
      dependsOn: index === 0 ? [] : [...new Set(picks.map((pick) => pick % index))],
    })),
  );

const verdicts = fc.infiniteStream(fc.constantFrom<Verdict>('success', 'failure', 'skip'));
const ticks = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), { maxLength: 15 });

/** Some of the running tasks, each with an end. */
function choose(model: Model, picks: readonly number[], ends: Iterator<Verdict>) {
  const { running } = model;
  const chosen = new Set(picks.map((pick) => running[pick % running.length] as number));
  return [...chosen].map((index) => [index, ends.next().value as Verdict] as const);
}

function dependent(fields: Partial<Dependent<string>>): Dependent<string> {
  const fresh = { key: 'd', rule: 'all_success', blocked: true, open: 1, failed: 0, skipped: 0 };
  return { ...(fresh as Dependent<string>), ...fields };
}

describe('propagate', () => {
  test('agrees, tick by tick, with judging every task from scratch', () => {
    fc.assert(
      fc.property(dag, ticks, verdicts, (tasks, picked, ends) => {
        const model = new Model(tasks);
        const next = new Model(tasks);
        for (const picks of picked) {
          if (model.running.length === 0) return;
          const ended = choose(model, picks, ends);
          const touched = propagate(ended, (key) => model.dependentsOf(key));
          next.end(ended);
          const changed = [...tasks.keys()].filter(
            (index) => model.counters(index).open !== next.counters(index).open,
          );
          expect(touched.map(({ key }) => key).sort((a, b) => a - b)).toEqual(changed);
          for (const { key, open, failed, skipped, outcome, cause } of touched) {
            expect({ open, failed, skipped }).toEqual(next.counters(key));
            const decided = next.fate(key);
            expect(outcome).toBe(decided.kind);
            expect(cause).toBe(decided.kind === 'skipped' ? decided.cause : null);
          }
          model.end(ended);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('looks at the dependents of each ended and each skipped task once', () => {
    fc.assert(
      fc.property(dag, verdicts, (tasks, ends) => {
        const model = new Model(tasks);
        const looked: number[] = [];
        const ended = choose(model, [0, 1, 2, 3, 4], ends);
        const touched = propagate(ended, (key) => {
          looked.push(key);
          return model.dependentsOf(key);
        });
        const skipped = touched
          .filter(({ outcome }) => outcome === 'skipped')
          .map(({ key }) => key);
        expect(looked.sort()).toEqual([...ended.map(([key]) => key), ...skipped].sort());
      }),
    );
  });

  test('a thousand parents that end in one tick release their join once', () => {
    const parents = Array.from({ length: 1_000 }, (_, index) => [`p${index}`, 'success'] as const);
    const join = dependent({ open: 1_000 });
    expect(propagate(parents, () => [join])).toMatchObject([
      { key: 'd', open: 0, failed: 0, skipped: 0, outcome: 'ready', cause: null },
    ]);
  });

  test('a failure skips a chain of 10,000 in one call', () => {
    const next = (key: string) =>
      Number(key) < 9_999 ? [dependent({ key: String(Number(key) + 1) })] : [];
    const touched = propagate([['0', 'failure']], next);
    expect(touched).toHaveLength(9_999);
    expect(touched.every(({ cause }) => cause === 'upstream_failed')).toBe(true);
  });

  test('a hold keeps a task blocked when its last dependency ends', () => {
    expect(propagate([['p', 'failure']], () => [dependent({ open: 2 })])).toMatchObject([
      { open: 1, failed: 1, outcome: 'blocked', cause: null },
    ]);
  });

  test('a dependent that has ended already keeps its end; only its counters move', () => {
    const cancelled = dependent({ key: 'c', blocked: false });
    const asked: string[] = [];
    const touched = propagate([['p', 'failure']], (key) => {
      asked.push(key);
      return key === 'p' ? [cancelled] : [];
    });
    expect(touched).toMatchObject([
      { key: 'c', open: 0, failed: 1, outcome: 'blocked', cause: null },
    ]);
    expect(asked).toEqual(['p']);
  });

  test('nothing ended, nothing touched', () => {
    expect(propagate([], () => [dependent({})])).toEqual([]);
  });
});
