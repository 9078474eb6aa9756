import { setTimeout as sleep } from 'node:timers/promises';
import { isTaskedError, TaskedError } from '@tasked/core';
import type { ParameterOrJSON } from 'postgres';
import { arrayLiteral, type Element } from './array-literal.ts';
import type { Client, End } from './client.ts';
import { explainLaterError, explainPostgresError, mayBeRepeated } from './postgres-error.ts';

/** How often a transaction that PostgreSQL undid is done again. */
const REPEATS = 10;

/** Longest pause before that; the real one is random, so that two do not meet again. */
const PAUSE_MS = 20;

/** What a statement may be given. JSON goes as text, so that no driver rewrites it. */
export type Parameter = Element | Uint8Array | readonly Element[];

/** What a database is made of. */
export interface DatabaseParts {
  readonly client: Client;
  readonly schema: string;
  /** Hears of every call that got no answer: it may have been committed all the same. */
  readonly onUnanswered: () => void;
}

/**
 * Runs statements in one schema, each a prepared statement (unless the client prepares none) and a transaction
 * of its own. `@` before a name stands for the schema. Throws as `explainLaterError` says, and `unavailable`
 * when it was closed.
 */
export class Database {
  readonly #parts: DatabaseParts;
  readonly #texts = new Map<string, string>();
  #closed = false;

  constructor(parts: DatabaseParts) {
    this.#parts = parts;
  }

  async query<Row extends object>(
    text: string,
    parameters: readonly Parameter[] = [],
    end: End = 'back',
  ): Promise<readonly Row[]> {
    const qualified = this.#qualify(text);
    for (let repeats = 0; ; repeats++) {
      if (this.#closed) throw new TaskedError('unavailable', 'the store was closed');
      try {
        const values = parameters.map(asWritten) as ParameterOrJSON<never>[];
        return await this.#parts.client.run(
          (sql) => sql.unsafe<Row[]>(qualified, values, { prepare: true }),
          end,
        );
      } catch (error) {
        if (!mayBeRepeated(error) || repeats === REPEATS) throw this.#explain(error);
      }
      await sleep(Math.random() * PAUSE_MS);
    }
  }

  /** Makes the first `count` connections, and has them plan what functions do. What goes wrong with that does not matter. */
  async rehearse(count: number): Promise<void> {
    const text = this.#qualify('select @rehearse()');
    await this.#parts.client.runOnEach(count, (sql) => sql.unsafe(text)).catch(() => {});
  }

  /** The rows that a function of the schema returns. */
  call<Row extends object>(
    name: string,
    parameters: readonly Parameter[],
  ): Promise<readonly Row[]> {
    const places = parameters.map((_, index) => `$${index + 1}`);
    return this.query(`select * from @${name}(${places.join(', ')})`, parameters, 'front');
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
    await this.#parts.client.end();
  }

  #qualify(text: string): string {
    let qualified = this.#texts.get(text);
    if (qualified === undefined) {
      qualified = qualify(text, this.#parts.schema);
      this.#texts.set(text, qualified);
    }
    return qualified;
  }

  #explain(error: unknown): unknown {
    const explained = explainPostgresError(error);
    if (isTaskedError(explained) && explained.code === 'unavailable') this.#parts.onUnanswered();
    return explainLaterError(error);
  }
}

function asWritten(parameter: Parameter): Element | Uint8Array {
  return Array.isArray(parameter) ? arrayLiteral(parameter) : (parameter as Element | Uint8Array);
}

/** A statement with the schema's name for every `@` before a name. */
export function qualify(text: string, schema: string): string {
  return text.replaceAll('@', `${quoteName(schema)}.`);
}

/** A name as SQL has it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
