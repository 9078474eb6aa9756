/** One process as the system's table has it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  /** Id of its process group, which is the pid of the group's leader. */
  readonly groupId: number;
  /** The short name of its program, for people. */
  readonly name: string;
  /** Tells it from a later process of the same pid. */
  readonly identity: string;
  /** What its environment says of the attempt it belongs to; null when nothing, or when that cannot be read. */
  readonly attempt: string | null;
}

/** The processes of this machine. */
export interface ProcessTable {
  /** Every process that runs; not those that have ended and wait to be noticed by their parent. */
  list(): Promise<readonly ProcessEntry[]>;
  /**
   * The identity of the process that has that pid now, null when none has. Synchronous, so that a signal
   * can follow before anything else happens.
   */
  identityOf(pid: number): string | null;
}

/** A table whose looks are shared: who asks while one is under way gets the next, so that many who wait cost as much as one. */
export function sharedLooks(table: ProcessTable): ProcessTable {
  let current: Promise<readonly ProcessEntry[]> | null = null;
  let next: Promise<readonly ProcessEntry[]> | null = null;
  const look = async () => {
    try {
      return await table.list();
    } finally {
      current = null;
    }
  };
  return {
    identityOf: (pid) => table.identityOf(pid),
    list: () => {
      if (current === null) {
        current = look();
        return current;
      }
      next ??= current
        .catch(() => {})
        .then(() => {
          next = null;
          current = look();
          return current;
        });
      return next;
    },
  };
}
