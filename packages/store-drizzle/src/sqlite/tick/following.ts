import { type EpochMs, propagate, type Touched, type Verdict } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { CAUSE, TASK } from '../../encoding/codes.ts';
import { flowKeyOf } from '../../encoding/flow-task-key.ts';
import { DependentStatements, Dependents } from './dependents.ts';
import type { Ledger } from './ledger.ts';
import { runsOf } from './runs.ts';

/** A task that has ended, how it counts for its dependents, and their indexes as they are stored. */
export interface EndedTask {
  readonly key: number;
  readonly how: Verdict;
  readonly dependents: string | null;
}

/** A task that has become ready and is not written yet. */
export type Heir = Touched<number>;

/** Where and when what follows is accounted for. */
export interface FollowingAt {
  readonly ledger: Ledger;
  readonly now: EpochMs;
}

/** Stands for a dependency that is no task. */
const HOLD = -1;

/** Lets what depends on ended tasks meet its fate. */
export class Following {
  readonly #dependents: DependentStatements;
  readonly #count: Statement<[number, number, number, number, number]>;
  readonly #ready: Statement<[number, number, number, number, number]>;
  readonly #skip: Statement<[number, number, number, number, EpochMs, number, number]>;

  constructor(db: Database) {
    this.#dependents = new DependentStatements(db);
    const update = (changes: string) =>
      `update flow_task not indexed set ${changes} where key >= ? and key <= ?`;
    this.#count = db.prepare(update('open = ?, failed = ?, skipped = ?'));
    this.#ready = db.prepare(
      update(`state = ${TASK.ready}, open = 0, failed = ?, skipped = ?, rev = ?`),
    );
    this.#skip = db.prepare(
      update(
        `state = ${TASK.skipped}, open = 0, failed = ?, skipped = ?, rev = ?, cause = ?, ended_at = ?`,
      ),
    );
  }

  /** Carries the ends of tasks to everything below them. */
  follow(ended: readonly EndedTask[], at: FollowingAt): void {
    this.#write(this.#touchedBy(ended), at);
  }

  /**
   * As `follow`, but leaves the task that becomes ready unwritten if it is the only one, and returns it: `write` MUST
   * follow, unless it is claimed at once. Null when none or several become ready.
   */
  followToHeir(ended: readonly EndedTask[], at: FollowingAt): Heir | null {
    const touched = this.#touchedBy(ended);
    const [heir, another] = touched.filter(({ outcome }) => outcome === 'ready');
    if (heir === undefined || another !== undefined) {
      this.#write(touched, at);
      return null;
    }
    if (touched.length > 1)
      this.#write(
        touched.filter((task) => task !== heir),
        at,
      );
    return heir;
  }

  /** Makes a task ready that `followToHeir` has returned. */
  write(heir: Heir, at: FollowingAt): void {
    this.#write([heir], at);
  }

  #touchedBy(ended: readonly EndedTask[]): readonly Touched<number>[] {
    const dependents = new Dependents(this.#dependents);
    const known = new Map(ended.map((task) => [task.key, task.dependents]));
    const ends = ended.map(({ key, how }) => [key, how] as const);
    return propagate(ends, (key) => dependents.of(key, known.get(key)));
  }

  /** Takes an open dependency that is no task from each of the tasks, as a success of it would. */
  release(keys: readonly number[], at: FollowingAt): void {
    const dependents = new Dependents(this.#dependents);
    const held = keys.map((key) => dependents.get(key));
    this.#write(
      propagate([[HOLD, 'success']], (key) => (key === HOLD ? held : dependents.of(key))),
      at,
    );
  }

  #write(touched: readonly Touched<number>[], { ledger, now }: FollowingAt): void {
    for (const { first, lastKey } of runsOf(touched, endAlike)) {
      const { key, open, failed, skipped, outcome, cause } = first;
      if (outcome === 'blocked') {
        this.#count.run(open, failed, skipped, key, lastKey);
        continue;
      }
      const flow = ledger.flow(flowKeyOf(key));
      ledger.move(flow, TASK.blocked, TASK[outcome], lastKey - key + 1);
      if (cause === null) this.#ready.run(failed, skipped, flow.rev, key, lastKey);
      else this.#skip.run(failed, skipped, flow.rev, CAUSE[cause], now, key, lastKey);
    }
  }
}

function endAlike(a: Touched<number>, b: Touched<number>): boolean {
  return (
    a.outcome === b.outcome &&
    a.cause === b.cause &&
    a.open === b.open &&
    a.failed === b.failed &&
    a.skipped === b.skipped
  );
}
