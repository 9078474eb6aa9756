import { isTaskedError } from '@tasked/core';
import type { Database, Parameter } from './database.ts';
import type { Line } from './line.ts';

/** How often a store that nobody can notify looks whether there is something new. */
export const LOOK_MS = 500;

/** What a pooled line is made of. */
export interface PooledLineParts {
  readonly db: Database;
  /** Something may have been committed. */
  readonly onNews: () => void;
}

/**
 * The line of a store behind a pooler, where no session is its own: it holds no locks and hears no notifications,
 * so it asks at every look whether any transaction has begun or ended since the last one.
 */
export class PooledLine implements Line {
  readonly isSession = false;
  readonly #parts: PooledLineParts;
  readonly #look: NodeJS.Timeout;
  #upSince: number | null = performance.now();
  #snapshot = '';
  #looking = false;

  constructor(parts: PooledLineParts) {
    this.#parts = parts;
    this.#look = setInterval(() => void this.#lookForNews(), LOOK_MS).unref();
  }

  get upSince(): number | null {
    return this.#upSince;
  }

  async query<Row extends object>(
    text: string,
    parameters: readonly Parameter[] = [],
  ): Promise<readonly Row[]> {
    try {
      const rows = await this.#parts.db.query<Row>(text, parameters);
      this.#upSince ??= performance.now();
      return rows;
    } catch (error) {
      if (isTaskedError(error) && error.code === 'unavailable') this.#upSince = null;
      throw error;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#look);
  }

  async #lookForNews(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const [row] = await this.query<{ now: string }>('select pg_current_snapshot()::text as now');
      if (row !== undefined && row.now !== this.#snapshot) {
        this.#snapshot = row.now;
        this.#parts.onNews();
      }
    } catch {
      // Whoever needs the server hears of it from his own call.
    } finally {
      this.#looking = false;
    }
  }
}
