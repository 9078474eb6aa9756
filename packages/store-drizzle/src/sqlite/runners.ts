import { type NewRunner, type Runner, type RunnerId, TaskedError } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { PRESENCE } from '../encoding/codes.ts';

/** A runner that is not forgotten. */
export interface KnownRunner {
  readonly id: RunnerId;
  readonly presence: number;
}

/** Word for word the condition of the index `runner_known`, or SQLite does not see that it may use it. */
const KNOWN = 'presence > 0';

/** Reads and writes the rows of runners. */
export class Runners {
  readonly #insert: Statement<[RunnerId, string, string, number, number]>;
  readonly #leave: Statement<[RunnerId]>;
  readonly #forget: Statement<[RunnerId]>;
  readonly #keyOf: Statement<[RunnerId, number], number>;
  readonly #known: Statement<[], KnownRunner>;
  readonly #list: Statement<[], Runner>;

  constructor(db: Database) {
    const held = `flow_task indexed by flow_task_held
      where runner_key = runner.key and attempt_end is null`;
    this.#insert = db.prepare(
      `insert into runner (id, name, host, pid, registered_at, presence)
       values (?, ?, ?, ?, ?, ${PRESENCE.here})
       on conflict (id) do nothing`,
    );
    this.#leave = db.prepare(
      `update runner set presence = ${PRESENCE.leaving}
       where id = ? and presence = ${PRESENCE.here}`,
    );
    this.#forget = db.prepare(
      `update runner set presence = ${PRESENCE.gone}
       where id = ? and not exists (select 1 from ${held})`,
    );
    this.#keyOf = db
      .prepare<[RunnerId, number], number>('select key from runner where id = ? and presence >= ?')
      .pluck();
    this.#known = db.prepare(`select id, presence from runner where ${KNOWN}`);
    this.#list = db.prepare(
      `select id, name, host, pid, registered_at as registeredAt,
         (select count(*) from ${held}) as attempts
       from runner where ${KNOWN} and presence = ${PRESENCE.here} order by registered_at, key`,
    );
  }

  insert({ id, name, host, pid, registeredAt }: NewRunner): void {
    if (this.#insert.run(id, name, host, pid, registeredAt).changes > 0) return;
    throw new TaskedError('already_exists', `runner ${id} is known: register under a new id`);
  }

  /** The key of a runner that may run tasks; null when it is not registered (any more). */
  keyOf(id: RunnerId): number | null {
    return this.#keyOf.get(id, PRESENCE.here) ?? null;
  }

  /** The key of a runner that is not forgotten. */
  knownKeyOf(id: RunnerId): number | null {
    return this.#keyOf.get(id, PRESENCE.leaving) ?? null;
  }

  /** The runner runs nothing more: it is forgotten once it holds nothing, and until then to be taken over. */
  leave(id: RunnerId): void {
    this.#leave.run(id);
    this.#forget.run(id);
  }

  /** Every runner that is registered, or has left attempts behind. */
  known(): readonly KnownRunner[] {
    return this.#known.all();
  }

  list(): readonly Runner[] {
    return this.#list.all();
  }
}
