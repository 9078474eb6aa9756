import { type Dependent, type EpochMs, propagate, type Touched, type Verdict } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { CAUSE, ruleOf, TASK } from '../codes.ts';
import { flowKeyOf, flowTaskKey } from '../flow-task-key.ts';
import type { Ledger } from './ledger.ts';

type DependentRow = readonly [
  state: number,
  open: number,
  failed: number,
  skipped: number,
  rule: number,
];

/** The key of a task that ended, and how it counts for its dependents. */
export type TaskEnded = readonly [key: number, how: Verdict];

/** Where and when what follows is accounted for. */
export interface FollowingAt {
  readonly ledger: Ledger;
  readonly now: EpochMs;
}

/** Stands for a dependency that is no task. */
const HOLD = -1;

/** Lets what depends on ended tasks meet its fate. */
export class Following {
  readonly #dependents: Statement<[number], string | null>;
  readonly #read: Statement<[number], DependentRow>;
  readonly #count: Statement<[number, number, number, number]>;
  readonly #ready: Statement<[number, number, number, number]>;
  readonly #skip: Statement<[number, number, number, number, EpochMs, number]>;

  constructor(db: Database) {
    this.#dependents = db
      .prepare<[number], string | null>('select dependents from flow_task where key = ?')
      .pluck();
    this.#read = db
      .prepare<[number], DependentRow>(
        'select state, open, failed, skipped, rule from flow_task where key = ?',
      )
      .raw();
    this.#count = db.prepare(
      'update flow_task set open = ?, failed = ?, skipped = ? where key = ?',
    );
    this.#ready = db.prepare(
      `update flow_task set state = ${TASK.ready}, open = 0, failed = ?, skipped = ?, rev = ?
       where key = ?`,
    );
    this.#skip = db.prepare(
      `update flow_task set state = ${TASK.skipped}, open = 0, failed = ?, skipped = ?, rev = ?,
         cause = ?, ended_at = ?
       where key = ?`,
    );
  }

  /** Carries the ends of tasks to everything below them. */
  follow(ended: readonly TaskEnded[], at: FollowingAt): void {
    const read = new Map<number, Dependent<number>>();
    this.#write(
      propagate(ended, (key) => this.#dependentsOf(key, read)),
      at,
    );
  }

  /** Takes an open dependency that is no task from each of the tasks, as a success of it would. */
  release(keys: readonly number[], at: FollowingAt): void {
    const read = new Map<number, Dependent<number>>();
    const touched = propagate([[HOLD, 'success']], (key) =>
      key === HOLD
        ? keys.map((held) => this.#dependent(held, read))
        : this.#dependentsOf(key, read),
    );
    this.#write(touched, at);
  }

  #write(touched: readonly Touched<number>[], { ledger, now }: FollowingAt): void {
    for (const { key, open, failed, skipped, outcome, cause } of touched) {
      if (outcome === 'blocked') {
        this.#count.run(open, failed, skipped, key);
        continue;
      }
      const flow = ledger.flow(flowKeyOf(key));
      ledger.move(flow, TASK.blocked, TASK[outcome]);
      if (cause === null) this.#ready.run(failed, skipped, flow.rev, key);
      else this.#skip.run(failed, skipped, flow.rev, CAUSE[cause], now, key);
    }
  }

  #dependentsOf(
    parent: number,
    read: Map<number, Dependent<number>>,
  ): readonly Dependent<number>[] {
    const indexes = this.#dependents.get(parent) as string | null;
    if (indexes === null) return [];
    const flowKey = flowKeyOf(parent);
    return (JSON.parse(indexes) as number[]).map((index) =>
      this.#dependent(flowTaskKey(flowKey, index), read),
    );
  }

  /** Each dependent is read once, however many of its dependencies end. */
  #dependent(key: number, read: Map<number, Dependent<number>>): Dependent<number> {
    let dependent = read.get(key);
    if (dependent === undefined) {
      const [state, open, failed, skipped, rule] = this.#read.get(key) as DependentRow;
      const blocked = state === TASK.blocked;
      dependent = { key, open, failed, skipped, rule: ruleOf(rule), blocked };
      read.set(key, dependent);
    }
    return dependent;
  }
}
