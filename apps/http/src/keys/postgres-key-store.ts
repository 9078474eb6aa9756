import { randomBytes } from 'node:crypto';
import { type EpochMs, TaskedError } from '@tasked/core';
import postgres, { type Options, type Sql } from 'postgres';
import type { ApiKey } from './api-key.ts';
import type { KeyStore } from './key-store.ts';

/** Also what the driver's types leave out. */
interface Connecting extends Options<Record<string, never>> {
  readonly max_pipeline: number;
}

/**
 * A pooler may give every statement another session, which has not prepared it; and PgBouncer before version 1.21 loses a
 * statement that is sent before the answer to another one has come.
 */
const CONNECTIONS: Connecting = {
  max: 2,
  prepare: false,
  max_pipeline: 0,
  onnotice: () => {},
  connect_timeout: 5,
  fetch_types: false,
  connection: { application_name: 'tasked-http' },
};

/** Any number, the same for everybody who makes the table. */
const MAKING = 7_436_120;

/** Scopes are words without spaces, kept as RFC 6749 writes them. */
type Row = Omit<ApiKey, 'lastUsedAt' | 'scopes'> & {
  readonly lastUsedAt: EpochMs | null;
  readonly scopes: string;
};

/** Keeps keys in the schema `tasked_http`, which is made when it is missing. */
export class PostgresKeyStore implements KeyStore {
  readonly #sql: Sql;

  private constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Throws `unavailable` when the database cannot be used. */
  static async open(url: string): Promise<PostgresKeyStore> {
    const sql = postgres(url, CONNECTIONS);
    const store = new PostgresKeyStore(sql);
    try {
      await store.#access(() => make(sql));
    } catch (error) {
      await sql.end({ timeout: 1 });
      throw error;
    }
    return store;
  }

  async add(key: ApiKey): Promise<boolean> {
    const { id, name, principal, createdAt, expiresAt, revokedAt, hash } = key;
    const scopes = key.scopes.join(' ');
    const added = await this.#access(
      () => this.#sql`
        insert into tasked_http.api_key
          (id, name, principal, scopes, created_at, expires_at, revoked_at, hash)
        values (${id}, ${name}, ${principal}, ${scopes}, ${createdAt}::float8, ${expiresAt}::float8,
          ${revokedAt}::float8, ${hash})
        on conflict (name) do nothing returning id`,
    );
    return added.length > 0;
  }

  async get(id: string): Promise<ApiKey | null> {
    const [row] = await this.#access(
      () => this.#sql<Row[]>`select ${this.#columns()} from tasked_http.api_key where id = ${id}`,
    );
    return row === undefined ? null : keyOf(row);
  }

  async list(): Promise<readonly ApiKey[]> {
    const rows = await this.#access(
      () => this.#sql<Row[]>`
        select ${this.#columns()} from tasked_http.api_key order by created_at, id`,
    );
    return rows.map(keyOf);
  }

  async revoke(id: string, now: EpochMs): Promise<void> {
    await this.#access(
      () => this.#sql`
        update tasked_http.api_key set revoked_at = ${now}::float8
        where id = ${id} and revoked_at is null`,
    );
  }

  async noteUse(id: string, now: EpochMs): Promise<void> {
    await this.#access(
      () => this.#sql`
        update tasked_http.api_key set last_used_at = ${now}::float8 where id = ${id}`,
    );
  }

  async secret(): Promise<Uint8Array> {
    const fresh = randomBytes(32).toString('hex');
    const [row] = await this.#access(async () => {
      await this
        .#sql`insert into tasked_http.secret (hex) values (${fresh}) on conflict do nothing`;
      return await this.#sql<{ hex: string }[]>`select hex from tasked_http.secret`;
    });
    return Buffer.from(row?.hex ?? fresh, 'hex');
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }

  #columns() {
    return this
      .#sql`id, name, principal, scopes, created_at as "createdAt", expires_at as "expiresAt",
      revoked_at as "revokedAt", last_used_at as "lastUsedAt", hash`;
  }

  async #access<Value>(work: () => PromiseLike<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      const message = `the API keys in PostgreSQL cannot be read or written${why}`;
      throw new TaskedError('unavailable', message, { cause: error });
    }
  }
}

function keyOf(row: Row): ApiKey {
  return { ...row, scopes: row.scopes.split(' ').filter((word) => word !== '') };
}

/** The column that was added last is there when all else is. */
async function make(sql: Sql): Promise<void> {
  const [found] = await sql`
    select exists (
      select from pg_attribute where attrelid = to_regclass('tasked_http.api_key') and attname = 'scopes'
    ) as made`;
  if (found?.made !== true) await sql.unsafe(MAKE);
}

/** Sent as one message, it is one transaction. */
const MAKE = `
  select pg_advisory_xact_lock(${MAKING}, 0);
  create schema if not exists tasked_http;
  create table if not exists tasked_http.api_key (
    id text primary key,
    name text not null unique,
    principal text not null,
    created_at double precision not null,
    expires_at double precision,
    revoked_at double precision,
    last_used_at double precision,
    hash text not null
  );
  alter table tasked_http.api_key add column if not exists scopes text not null default '';
  create table if not exists tasked_http.secret (
    id smallint primary key default 1 check (id = 1),
    hex text not null
  );
`;
