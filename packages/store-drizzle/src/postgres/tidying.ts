import type { Database } from './database.ts';

/** After so many claims the list of what is ready is cleaned. */
const CLAIMS = 4_000;

/**
 * Cleans the list of what is ready as it is used: whoever looks for work passes everything there that is gone, and
 * PostgreSQL itself looks but once a minute, which is a million tasks.
 */
export class Tidying {
  readonly #db: Database;
  #claims = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Nobody waits for what it does, and nothing depends on it. */
  claimed(count: number): void {
    this.#claims += count;
    if (this.#claims < CLAIMS) return;
    this.#claims = 0;
    this.#db.query('vacuum (skip_locked, truncate off) @ready_task').catch(() => {});
  }
}
