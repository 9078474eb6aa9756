import type { RunnerId } from '@tasked/core';

/** Rows that have become empty since the last tick: one to be used again, and the others. */
export interface EmptyRows {
  readonly reuse: number | null;
  readonly empty: readonly number[];
}

/**
 * How much is left of what each tick claimed: the database has one row for all of it, which tells who takes over what a
 * runner holds, and which is used again once all of it has ended. A row that is forgotten here goes with its runner.
 */
export class HeldRows {
  /** How many tasks of a row have not ended. */
  readonly #left = new Map<number, number>();
  readonly #runners = new Map<number, RunnerId>();
  readonly #empty = new Map<RunnerId, number[]>();

  /** A tick has claimed so many tasks. */
  claimed(runnerId: RunnerId, row: number, tasks: number): void {
    this.#left.set(row, tasks);
    this.#runners.set(row, runnerId);
  }

  /** A task of a row is held no more. */
  ended(row: number): void {
    const left = (this.#left.get(row) ?? 0) - 1;
    if (left > 0) {
      this.#left.set(row, left);
      return;
    }
    const runnerId = this.#runners.get(row);
    this.#left.delete(row);
    this.#runners.delete(row);
    if (runnerId !== undefined) this.putBack(runnerId, row);
  }

  /** A row is empty, and was not used again. */
  putBack(runnerId: RunnerId, row: number): void {
    this.#empty.set(runnerId, [...(this.#empty.get(runnerId) ?? []), row]);
  }

  /** One to be used again, or null; see `takeEmpty`. */
  takeOne(runnerId: RunnerId): number | null {
    return this.#empty.get(runnerId)?.pop() ?? null;
  }

  /** For one tick, which alone may use them: when its answer is lost, nobody knows what is in them. */
  takeEmpty(runnerId: RunnerId): EmptyRows {
    const [reuse = null, ...empty] = this.#empty.get(runnerId) ?? [];
    this.#empty.delete(runnerId);
    return { reuse, empty };
  }
}
