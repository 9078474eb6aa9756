import { describe, expect, it } from 'vitest';

/** The largest data of the suites on the slowest of disks. */
const TIMEOUT_MS = 60_000;

/** A suite to be registered. */
export interface Suite<Case extends ListedCase> {
  readonly title: string;
  /** The ids that the suite consists of, in order. */
  readonly ids: readonly string[];
  readonly cases: Readonly<Record<string, readonly Case[]>>;
  readonly applies: (one: Case) => boolean;
  readonly run: (one: Case) => Promise<void>;
}

interface ListedCase {
  readonly id: string;
  readonly title: string;
}

/** Registers a suite with vitest: a group for every concern, a test for every case that applies. */
export function registerCases<Case extends ListedCase>(suite: Suite<Case>): void {
  describe(suite.title, { timeout: TIMEOUT_MS }, () => {
    it('is whole: it consists of the listed cases, each once', () => {
      const ids = Object.values(suite.cases).flatMap((cases) => cases.map(({ id }) => id));
      expect(ids).toEqual(suite.ids);
      expect(new Set(ids).size).toBe(ids.length);
    });
    for (const [concern, cases] of Object.entries(suite.cases)) {
      const applicable = cases.filter(suite.applies);
      if (applicable.length === 0) continue;
      describe(concern, () => {
        for (const one of applicable) it(`${one.id}: ${one.title}`, () => suite.run(one));
      });
    }
  });
}
