import type { TaskStore } from '@tasked/core';

/** A store of tasks as the contract suite gets at it: everything an adapter's test file has to say. */
export interface TaskStoreSubject<Store extends TaskStore = TaskStore> {
  /** For people: stands before the names of the tests. */
  readonly name: string;
  /** Opens a store on new, empty data. */
  readonly open: () => Promise<Store>;
  /** Lets go of what a store holds; called for every store that was opened. Left out when there is nothing to let go. */
  readonly close?: (store: Store) => Promise<void>;
  /** Opens the data of a closed store again; left out when the data ends with the store. */
  readonly reopen?: (closed: Store) => Promise<Store>;
  /** Opens one more store on the data of an open one, as another process would; left out when that cannot be. */
  readonly openSecond?: (open: Store) => Promise<Store>;
  /** True for a store whose records end by themselves, which has no `deleteExpiredTasks`. */
  readonly expiresByItself?: boolean;
}
