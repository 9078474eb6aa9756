import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { TaskedError } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { explainSqliteError, isBusy } from './sqlite-error.ts';

/** How long a call goes on asking for a lock that others hold. */
const GIVE_UP_MS = 10_000;

/** How often a call that acknowledges nothing to anybody looks whether the file is still there. */
const LOOK_EVERY_MS = 1_000;

/** Longest pause before the lock is asked for again; the real one is random, so that nobody starves. */
const PAUSE_MS = 2;

/**
 * Runs synchronous work on the database, each call a transaction. Never blocks the event loop for a lock:
 * one that is taken is asked for again after a pause. Throws `unavailable` when it stays taken for 10 s,
 * when the store is closed, when the file was removed, and as `explainSqliteError` says.
 */
export class Transactions {
  readonly #db: Database;
  readonly #inode: number | undefined;
  readonly #beginWrite: Statement<[]>;
  readonly #beginRead: Statement<[]>;
  readonly #commit: Statement<[]>;
  readonly #rollback: Statement<[]>;
  /** When the file was last seen where it belongs, by the monotonic clock. */
  #seenAt = Number.NEGATIVE_INFINITY;

  constructor(db: Database) {
    this.#db = db;
    this.#inode = inodeOf(db.name);
    this.#beginWrite = db.prepare('begin immediate');
    this.#beginRead = db.prepare('begin deferred');
    this.#commit = db.prepare('commit');
    this.#rollback = db.prepare('rollback');
  }

  /**
   * Everything that `work` writes is committed, or nothing when it throws. Refused when the file is no longer
   * where it was: SQLite would go on writing to one that nobody can open again.
   */
  write<T>(work: () => T): Promise<T> {
    return this.patiently(() =>
      this.#inside(this.#beginWrite, () => {
        const result = work();
        this.#look();
        return result;
      }),
    );
  }

  /**
   * As `write`, but looks for the file once a second only: nobody is told of a tick, and what it would write
   * to a removed file is lost with the file.
   */
  writeTick<T>(work: () => T): Promise<T> {
    return this.patiently(() =>
      this.#inside(this.#beginWrite, () => {
        const result = work();
        if (performance.now() - this.#seenAt > LOOK_EVERY_MS) this.#look();
        return result;
      }),
    );
  }

  /** Everything that `work` reads is from one moment. */
  read<T>(work: () => T): Promise<T> {
    return this.patiently(() => this.#inside(this.#beginRead, work));
  }

  /** For the few statements that must stand outside any transaction. */
  async patiently<T>(work: () => T): Promise<T> {
    let giveUpAt = 0;
    for (;;) {
      if (!this.#db.open) throw new TaskedError('unavailable', 'the store was closed');
      try {
        return work();
      } catch (error) {
        if (!isBusy(error)) throw explainSqliteError(error, this.#db.name);
        const now = performance.now();
        if (giveUpAt === 0) giveUpAt = now + GIVE_UP_MS;
        else if (now > giveUpAt) throw explainSqliteError(error, this.#db.name);
      }
      await sleep(Math.random() * PAUSE_MS);
    }
  }

  #look(): void {
    if (inodeOf(this.#db.name) !== this.#inode) throw removed(this.#db.name);
    this.#seenAt = performance.now();
  }

  #inside<T>(begin: Statement<[]>, work: () => T): T {
    begin.run();
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      if (this.#db.inTransaction) this.#rollback.run();
      throw error;
    }
  }
}

/** Which file has that path; undefined when none has. */
function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function removed(file: string): TaskedError {
  return new TaskedError(
    'unavailable',
    `${file} was removed or replaced: put it back, or start anew; nothing more is written`,
  );
}
