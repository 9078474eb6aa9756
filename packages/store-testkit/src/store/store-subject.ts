import type { Store } from '@tasked/core';

/** A store as the contract suite gets at it: everything an adapter's test file has to say. */
export interface StoreSubject {
  /** For people: stands before the names of the tests. */
  readonly name: string;
  /** Opens a store on new, empty data. The suite closes every store that it opens. */
  readonly open: () => Promise<Store>;
  /** Opens the data of a closed store again; left out when the data ends with the store. */
  readonly reopen?: (closed: Store) => Promise<Store>;
  /**
   * Opens one more store on the data of an open one, as another process would; left out when the data
   * cannot be shared. Closing it MUST look to the first as the death of its runners.
   */
  readonly openSecond?: (open: Store) => Promise<Store>;
}
