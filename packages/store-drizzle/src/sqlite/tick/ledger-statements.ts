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

type QueueRow = readonly [concurrency: number | null, paused: number, running: number];
type FlowRow = readonly [
  queueKey: number,
  concurrency: number | null,
  paused: number,
  running: number,
  key: number,
  id: FlowId,
  owner: Owner,
  failFast: number,
  state: number,
  rev: number,
  fatalCount: number,
  ...counts: CountsByCode,
];

/** A flow, and the queue that all its tasks are in. */
export interface FlowAndQueue {
  readonly flow: FlowAccount;
  readonly queue: QueueAccount;
}

/** Reads and writes what a `Ledger` keeps. */
export class LedgerStatements {
  readonly #findFlow: Statement<[FlowId], FlowRow>;
  readonly #readFlow: Statement<[number], FlowRow>;
  readonly #writeFlow: Statement<unknown[]>;
  readonly #endFlow: Statement<[number, EpochMs, number]>;
  readonly #readQueue: Statement<[number], QueueRow>;
  readonly #writeQueue: Statement<[number, number]>;

  constructor(db: Database) {
    const read = `select queue.key, queue.concurrency, queue.paused, queue.running as slots,
         flow.key, id, owner, fail_fast, state, rev, fatal_count,
         ${COUNT_COLUMNS.map((column) => `flow.${column}`).join(', ')}
       from flow cross join queue on queue.key = flow.queue_key where flow.`;
    this.#findFlow = db.prepare<[FlowId], FlowRow>(`${read}id = +?`).raw();
    this.#readFlow = db.prepare<[number], FlowRow>(`${read}key = +?`).raw();
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

  findFlow(id: FlowId): FlowAndQueue | null {
    const row = this.#findFlow.get(id);
    return row === undefined ? null : accountsOf(row);
  }

  readFlow(key: number): FlowAndQueue {
    return accountsOf(this.#readFlow.get(key) as FlowRow);
  }

  writeFlow({ key, rev, fatalCount, counts }: FlowAccount): void {
    this.#writeFlow.run(rev, fatalCount, ...counts, key);
  }

  /** Apart from `writeFlow`, because naming the state rewrites an index. */
  endFlow({ key, state }: FlowAccount, now: EpochMs): void {
    this.#endFlow.run(state, now, key);
  }

  readQueue(key: number): QueueAccount {
    return queueAccount(key, this.#readQueue.get(key) as QueueRow);
  }

  writeQueue({ key, running }: QueueAccount): void {
    this.#writeQueue.run(running, key);
  }
}

function accountsOf(row: FlowRow): FlowAndQueue {
  const [queueKey, concurrency, paused, running, key, id, owner, failFast, ...rest] = row;
  const [state, rev, fatalCount, ...counts] = rest;
  const flow: FlowAccount = {
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
  return { flow, queue: queueAccount(queueKey, [concurrency, paused, running]) };
}

function queueAccount(key: number, [concurrency, paused, running]: QueueRow): QueueAccount {
  return { key, concurrency, paused: paused === 1, before: running, running };
}
