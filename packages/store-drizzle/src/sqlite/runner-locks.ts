import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunnerId, TaskedError } from '@tasked/core';
import type { Database } from 'better-sqlite3';
import { createDirectory, createFile, hasCode } from './data-directory.ts';
import { driver } from './driver.ts';
import { explainSqliteError, isBusy } from './sqlite-error.ts';

const SUFFIX = '.lock';

/** Others touch a new file only to sweep it away, and for a moment. */
const MAX_TRIES = 100;

/**
 * The lock files that this process holds, over all stores in it and all copies of this package. Such a
 * file is never opened a second time: closing it would drop the lock of the whole process.
 */
const HELD_HERE = Symbol.for('@tasked/store-drizzle/held-lock-files');
const processWide = globalThis as { [HELD_HERE]?: Set<string> };
processWide[HELD_HERE] ??= new Set();
const heldHere: Set<string> = processWide[HELD_HERE];

/**
 * Tells living runners from dead ones: each holds the kernel's lock on a small file of its own for as
 * long as its process lives, frozen or not. `directory` MUST be the same path for every store on the data.
 */
export class RunnerLocks {
  readonly #directory: string;
  readonly #held = new Map<RunnerId, Database>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Takes the lock of a new runner of this process. Throws `already_exists` when it is taken. */
  async hold(id: RunnerId): Promise<void> {
    const file = this.#fileOf(id);
    createDirectory(this.#directory);
    for (let tries = 0; tries < MAX_TRIES && !heldHere.has(file); tries++) {
      createFile(file, '');
      const lock = lockExclusively(file);
      if (lock !== null) {
        this.#held.set(id, lock);
        heldHere.add(file);
        return;
      }
      await sleep(1);
    }
    throw new TaskedError('already_exists', `runner ${id} is running: register under a new id`);
  }

  /** Gives up a lock that is held here, and its file; ignores any other. */
  release(id: RunnerId): void {
    const lock = this.#held.get(id);
    if (lock === undefined) return;
    const file = this.#fileOf(id);
    this.#held.delete(id);
    remove(file);
    lock.close();
    heldHere.delete(file);
  }

  /** True when the runner is one of this store. */
  holds(id: RunnerId): boolean {
    return this.#held.has(id);
  }

  releaseAll(): void {
    for (const id of [...this.#held.keys()]) this.release(id);
  }

  /** True when the runner is provably dead: nobody holds its lock. Any doubt counts as life. */
  isDead(id: RunnerId): boolean {
    const file = this.#fileOf(id);
    if (heldHere.has(file)) return false;
    return !exists(file) || isUnlocked(file);
  }

  /** Removes the files of runners that are not `known` and that nobody holds. */
  sweep(known: ReadonlySet<RunnerId>): void {
    for (const name of readdirSync(this.#directory)) {
      const id = name.slice(0, -SUFFIX.length);
      if (name.endsWith(SUFFIX) && !known.has(id)) removeUnheld(this.#fileOf(id));
    }
  }

  #fileOf(id: RunnerId): string {
    return join(this.#directory, `${id}${SUFFIX}`);
  }
}

/** The lock, or null when the file is held, or gone before it could be. */
function lockExclusively(file: string): Database | null {
  const BetterSqlite3 = driver();
  let lock: Database | undefined;
  try {
    lock = new BetterSqlite3(file, { timeout: 0, fileMustExist: true });
    lock.pragma('journal_mode = MEMORY');
    lock.exec('begin exclusive');
    if (exists(file)) return lock;
  } catch (error) {
    lock?.close();
    if (isBusy(error) || !exists(file)) return null;
    throw explainSqliteError(error, file);
  }
  lock.close();
  return null;
}

function isUnlocked(file: string): boolean {
  const BetterSqlite3 = driver();
  let probe: Database | undefined;
  try {
    probe = new BetterSqlite3(file, { timeout: 0, readonly: true, fileMustExist: true });
    probe.prepare('select 1 from sqlite_schema').get();
    return true;
  } catch {
    return false;
  } finally {
    probe?.close();
  }
}

/** A file that cannot be removed does no harm: nobody holds it. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}

/**
 * Holds the lock while it removes the file: whoever wants to hold it gets it before, and the file stays,
 * or after, and finds it gone.
 */
function removeUnheld(file: string): void {
  if (heldHere.has(file)) return;
  let lock: Database | null = null;
  try {
    lock = lockExclusively(file);
    if (lock !== null) remove(file);
  } catch {
    return;
  } finally {
    lock?.close();
  }
}

function exists(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch (error) {
    return !hasCode(error, 'ENOENT');
  }
}
