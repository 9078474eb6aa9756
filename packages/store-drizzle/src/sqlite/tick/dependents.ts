import type { Dependent } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { ruleOf, TASK } from '../../encoding/codes.ts';
import { flowKeyOf, flowTaskKey } from '../../encoding/flow-task-key.ts';

type Row = readonly [state: number, open: number, failed: number, skipped: number, rule: number];

/** Reads which tasks depend on which, and how far they are. */
export class DependentStatements {
  readonly #indexes: Statement<[number], string | null>;
  readonly #counters: Statement<[number], Row>;

  constructor(db: Database) {
    this.#indexes = db
      .prepare<[number], string | null>('select dependents from flow_task where key = ?')
      .pluck();
    this.#counters = db
      .prepare<[number], Row>(
        'select state, open, failed, skipped, rule from flow_task where key = ?',
      )
      .raw();
  }

  /** The indexes of a task's dependents, as they are stored. */
  indexesOf(key: number): string | null {
    return this.#indexes.get(key) ?? null;
  }

  read(key: number): Dependent<number> {
    const [state, open, failed, skipped, rule] = this.#counters.get(key) as Row;
    const blocked = state === TASK.blocked;
    return { key, open, failed, skipped, rule: ruleOf(rule), blocked };
  }
}

/** The dependents of tasks as one transaction finds them: each is read once, however often it is named. */
export class Dependents {
  readonly #statements: DependentStatements;
  readonly #read = new Map<number, Dependent<number>>();

  constructor(statements: DependentStatements) {
    this.#statements = statements;
  }

  get(key: number): Dependent<number> {
    let dependent = this.#read.get(key);
    if (dependent === undefined) {
      dependent = this.#statements.read(key);
      this.#read.set(key, dependent);
    }
    return dependent;
  }

  /** Those of a task; `indexes` if they are known already. */
  of(key: number, indexes = this.#statements.indexesOf(key)): readonly Dependent<number>[] {
    if (indexes === null) return [];
    const flowKey = flowKeyOf(key);
    return (JSON.parse(indexes) as number[]).map((index) => this.get(flowTaskKey(flowKey, index)));
  }
}
