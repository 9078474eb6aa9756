import type { LogStore } from '@tasked/core';

/** A log store as the contract suite gets at it. */
export interface LogStoreSubject {
  /** For people: stands before the names of the tests. */
  readonly name: string;
  /** Opens a log store on new, empty data. */
  readonly open: () => Promise<LogStore>;
  /** Opens one more on the data of an open one, as another process would; left out when that cannot be. */
  readonly openSecond?: (open: LogStore) => Promise<LogStore>;
}
