import type { EpochMs, FlowId, Owner } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { COUNT_COLUMNS, type CountsByCode } from '../../encoding/flow-counts.ts';

/** A flow as one transaction leaves it. */
export interface FlowAccount {
  readonly key: number;
  readonly id: FlowId;
  readonly owner: Owner;
  readonly failFast: boolean;
  /** What tasks that this transaction changes get as their `rev`. */
  readonly rev: number;
  /** Codes of `FLOW`: before the transaction, and now. */
  readonly before: number;
  state: number;
  fatalCount: number;
  readonly counts: CountsByCode;
  changed: boolean;
}

/** A queue as one transaction leaves it. */
export interface QueueAccount {
  readonly key: number;
  readonly concurrency: number | null;
  readonly paused: boolean;
  /** Slots taken before the transaction. */
  readonly before: number;
  /** Slots taken now. */
  running: number;
}

type FlowRow = readonly [
  key: number,
  id: FlowId,
  owner: Owner,
  failFast: number,
  state: number,
  rev: number,
  fatalCount: number,
  ...counts: CountsByCode,
];
type QueueRow = readonly [concurrency: number | null, paused: number, running: number];

/** Reads and writes what a `Ledger` keeps. */
export class LedgerStatements {
  readonly #findFlow: Statement<[FlowId], FlowRow>;
  readonly #readFlow: Statement<[number], FlowRow>;
  readonly #writeFlow: Statement<unknown[]>;
  readonly #endFlow: Statement<[number, EpochMs, number]>;
  readonly #readQueue: Statement<[number], QueueRow>;
  readonly #writeQueue: Statement<[number, number]>;

  constructor(db: Database) {
    const read = `select key, id, owner, fail_fast, state, rev, fatal_count, ${COUNT_COLUMNS.join(', ')}
       from flow where`;
    this.#findFlow = db.prepare<[FlowId], FlowRow>(`${read} id = ?`).raw();
    this.#readFlow = db.prepare<[number], FlowRow>(`${read} key = ?`).raw();
    this.#writeFlow = db.prepare(
      `update flow set rev = ?, fatal_count = ?,
         ${COUNT_COLUMNS.map((column) => `${column} = ?`).join(', ')}
       where key = ?`,
    );
    this.#endFlow = db.prepare('update flow set state = ?, ended_at = ? where key = ?');
    this.#readQueue = db
      .prepare<[number], QueueRow>('select concurrency, paused, running from queue where key = ?')
      .raw();
    this.#writeQueue = db.prepare('update queue set running = ? where key = ?');
  }

  findFlow(id: FlowId): FlowAccount | null {
    const row = this.#findFlow.get(id);
    return row === undefined ? null : accountOf(row);
  }

  readFlow(key: number): FlowAccount {
    return accountOf(this.#readFlow.get(key) as FlowRow);
  }

  writeFlow({ key, rev, fatalCount, counts }: FlowAccount): void {
    this.#writeFlow.run(rev, fatalCount, ...counts, key);
  }

  /** Apart from `writeFlow`, because naming the state rewrites an index. */
  endFlow({ key, state }: FlowAccount, now: EpochMs): void {
    this.#endFlow.run(state, now, key);
  }

  readQueue(key: number): QueueAccount {
    const [concurrency, paused, running] = this.#readQueue.get(key) as QueueRow;
    return { key, concurrency, paused: paused === 1, before: running, running };
  }

  writeQueue({ key, running }: QueueAccount): void {
    this.#writeQueue.run(running, key);
  }
}

function accountOf(row: FlowRow): FlowAccount {
  const [key, id, owner, failFast, state, rev, fatalCount, ...counts] = row;
  return {
    key,
    id,
    owner,
    failFast: failFast === 1,
    rev: rev + 1,
    before: state,
    state,
    fatalCount,
    counts,
    changed: false,
  };
}
