import { setTimeout as sleep } from 'node:timers/promises';
import { TaskedError } from '@tasked/core';
import type { ParameterOrJSON, Sql } from 'postgres';
import { explainPostgresError, mayBeRepeated } from './postgres-error.ts';

/** How often a transaction that PostgreSQL undid is done again. */
const REPEATS = 10;

/** Longest pause before that; the real one is random, so that two do not meet again. */
const PAUSE_MS = 20;

/** What a statement may be given. JSON goes as text, so that no driver rewrites it. */
export type Parameter = string | number | boolean | Uint8Array | null;

/**
 * Runs statements in one schema, each a prepared statement and a transaction of its own. `@` before a name
 * stands for the schema. Throws as `explainPostgresError` says, and `unavailable` when it was closed.
 */
export class Database {
  readonly #sql: Sql;
  readonly #schema: string;
  readonly #texts = new Map<string, string>();
  #closed = false;

  constructor(sql: Sql, schema: string) {
    this.#sql = sql;
    this.#schema = schema;
  }

  async query<Row extends object>(
    text: string,
    parameters: readonly Parameter[] = [],
  ): Promise<readonly Row[]> {
    const qualified = this.#qualify(text);
    for (let repeats = 0; ; repeats++) {
      if (this.#closed) throw new TaskedError('unavailable', 'the store was closed');
      try {
        const values = [...parameters] as ParameterOrJSON<never>[];
        return await this.#sql.unsafe<Row[]>(qualified, values, { prepare: true });
      } catch (error) {
        if (!mayBeRepeated(error) || repeats === REPEATS) throw explainPostgresError(error);
      }
      await sleep(Math.random() * PAUSE_MS);
    }
  }

  /** The first row, or null. */
  async row<Row extends object>(
    text: string,
    parameters: readonly Parameter[] = [],
  ): Promise<Row | null> {
    const [row] = await this.query<Row>(text, parameters);
    return row ?? null;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Lets what is under way end. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#sql.end({ timeout: 5 });
  }

  #qualify(text: string): string {
    let qualified = this.#texts.get(text);
    if (qualified === undefined) {
      qualified = text.replaceAll('@', `${quoteName(this.#schema)}.`);
      this.#texts.set(text, qualified);
    }
    return qualified;
  }
}

/** A name as SQL has it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
