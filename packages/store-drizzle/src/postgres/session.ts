import { type Logger, TaskedError } from '@tasked/core';
import type { ParameterOrJSON, Sql } from 'postgres';
import { type Connections, refusePooled } from './connections.ts';
import { type Parameter, qualify, quoteName } from './database.ts';
import type { Line } from './line.ts';
import { lockClass } from './lock-class.ts';
import { explainPostgresError } from './postgres-error.ts';

/** Pause between attempts to connect anew. */
export const RECONNECT_MS = 250;

/** What a session is made of. */
export interface SessionParts {
  readonly connections: Connections;
  readonly schema: string;
  /** After this long without an answer the connection is given up. */
  readonly answerMs: number;
  readonly logger: Logger | undefined;
  /** Statements, on one connection in one transaction, that a new connection begins with. */
  readonly restore: () => string;
  /** Hears what other stores notify. */
  readonly onNotify: (payload: string) => void;
  /** Hears that notifications may have been missed. */
  readonly onGap: () => void;
}

interface Connection {
  readonly sql: Sql;
  readonly upSince: number;
}

/**
 * The one connection whose end tells others that this process has died: it holds the locks of this store's
 * runners and listens for notifications. When it is lost it is made anew, with everything that belongs to it,
 * for as long as it takes.
 */
export class Session implements Line {
  readonly isSession = true;
  readonly #parts: SessionParts;
  #connection: Connection | null = null;
  #closed = false;

  private constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Throws `invalid_input` when its address leads through a pooler. */
  static async open(parts: SessionParts): Promise<Session> {
    const session = new Session(parts);
    await session.#connect();
    return session;
  }

  get upSince(): number | null {
    return this.#connection?.upSince ?? null;
  }

  async query<Row extends object>(
    text: string,
    parameters: readonly Parameter[] = [],
  ): Promise<readonly Row[]> {
    if (this.#closed) throw new TaskedError('unavailable', 'the store was closed');
    const connection = this.#connection;
    if (connection === null) {
      throw new TaskedError('unavailable', 'the connection to PostgreSQL is being made anew');
    }
    const timer = setTimeout(() => this.#lose(connection.sql), this.#parts.answerMs).unref();
    try {
      const qualified = qualify(text, this.#parts.schema);
      const values = [...parameters] as ParameterOrJSON<never>[];
      return await connection.sql.unsafe<Row[]>(qualified, values);
    } catch (error) {
      throw explainPostgresError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#connection?.sql.end({ timeout: 5 });
  }

  async #connect(): Promise<void> {
    const sql = this.#parts.connections.session({
      notify: this.#parts.onNotify,
      close: () => this.#lose(sql),
    });
    const timer = setTimeout(() => void end(sql), this.#parts.answerMs).unref();
    try {
      await refusePooled(sql);
      const listen = `listen ${quoteName(channelOf(this.#parts.schema))};`;
      // One message, so that all of it is on one connection.
      await sql.unsafe(listen + qualify(this.#parts.restore(), this.#parts.schema));
      this.#connection = { sql, upSince: performance.now() };
    } catch (error) {
      await end(sql);
      throw explainPostgresError(error);
    } finally {
      clearTimeout(timer);
    }
    if (this.#closed) await end(sql);
  }

  #lose(sql: Sql): void {
    if (this.#connection?.sql !== sql) return;
    this.#connection = null;
    void end(sql);
    if (this.#closed) return;
    this.#parts.logger?.warn('the connection to PostgreSQL was lost: connecting anew');
    void this.#return();
  }

  async #return(): Promise<void> {
    try {
      await this.#connect();
      this.#parts.onGap();
    } catch (error) {
      if (this.#closed) return;
      this.#parts.logger?.debug('PostgreSQL cannot be reached yet', { error });
      setTimeout(() => void this.#return(), RECONNECT_MS).unref();
    }
  }
}

/** Where the stores of a schema tell each other of commits. */
export function channelOf(schema: string): string {
  return `tasked_${lockClass('hints', schema)}`;
}

function end(sql: Sql): Promise<void> {
  return sql.end({ timeout: 0 });
}
