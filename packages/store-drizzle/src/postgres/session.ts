import { type Logger, type NewRunner, type RunnerId, TaskedError } from '@tasked/core';
import type { ParameterOrJSON, Sql } from 'postgres';
import { PRESENCE } from '../encoding/codes.ts';
import type { Connections } from './connections.ts';
import { quoteName } from './database.ts';
import type { DatabaseClock } from './database-clock.ts';
import { Lease } from './lease.ts';
import { lockClass } from './lock-class.ts';
import { explainPostgresError } from './postgres-error.ts';

/** How long a session must have lasted after a loss of connection before the locks of others tell anything. */
const SETTLED_MS = 10_000;

/** Pause between attempts to connect anew. */
const RECONNECT_MS = 250;

/** So often a runner says within a lease that it lives. */
const BEATS_PER_LEASE = 6;

/** What a session is made of. */
export interface SessionParts {
  readonly connections: Connections;
  readonly schema: string;
  readonly leaseMs: number;
  readonly logger: Logger | undefined;
  /** Is set by the server's clock with every connection and every heartbeat. */
  readonly clock: DatabaseClock;
  /** Hears what other stores notify. */
  readonly onNotify: (payload: string) => void;
  /** Hears that notifications may have been missed. */
  readonly onGap: () => void;
}

interface KnownRunner {
  readonly id: RunnerId;
  readonly presence: number;
  readonly beat: number;
  readonly sameServer: boolean;
  readonly locked: boolean;
}

/**
 * The one connection whose end tells others that this process has died: it holds an advisory lock for each runner
 * of this store, writes their heartbeats and listens for notifications. When it is lost it is made anew, with
 * everything that belongs to it, for as long as it takes.
 */
export class Session {
  readonly #parts: SessionParts;
  readonly #sql: Sql;
  readonly #channel: string;
  readonly #lockClass: number;
  readonly #lease: Lease;
  /** The runners of this store and the keys of their rows, which are the second numbers of their locks. */
  readonly #runners = new Map<RunnerId, number>();
  readonly #heart: NodeJS.Timeout;
  #upSince: number | null = null;
  #wasLost = false;
  #closed = false;
  #beating = false;

  private constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#channel = channelOf(parts.schema);
    this.#lockClass = lockClass('runner', parts.schema);
    this.#lease = new Lease(parts.leaseMs);
    this.#sql = parts.connections.session({
      notify: parts.onNotify,
      close: () => this.#onLoss(),
    });
    const every = Math.max(1, parts.leaseMs / BEATS_PER_LEASE);
    this.#heart = setInterval(() => void this.#beat(), every).unref();
  }

  static async open(parts: SessionParts): Promise<Session> {
    const session = new Session(parts);
    try {
      await session.#begin();
      return session;
    } catch (error) {
      await session.close();
      throw explainPostgresError(error);
    }
  }

  /** Registers a runner: it is alive until this session ends. Throws `already_exists` for an id that is known. */
  async register({ id, name, host, pid, registeredAt }: NewRunner): Promise<void> {
    const key = await this.#try(() =>
      this.#sql.begin(async (sql) => {
        const [row] = await sql.unsafe<{ key: number }[]>(
          `insert into ${this.#table('runner')} (id, name, host, pid, registered_at, presence, server_start)
           values ($1, $2, $3, $4, $5, ${PRESENCE.here}, ${SERVER_START}) on conflict (id) do nothing
           returning key`,
          [id, name, host, pid, registeredAt],
        );
        if (row !== undefined) await sql.unsafe(LOCK, [this.#lockClass, row.key]);
        return row?.key;
      }),
    );
    if (key === undefined) {
      throw new TaskedError('already_exists', `runner ${id} is known: register under a new id`);
    }
    this.#runners.set(id, key);
  }

  /** The runner is one of this session no more. Ignores others. */
  async release(id: RunnerId): Promise<void> {
    const key = this.#runners.get(id);
    if (key === undefined) return;
    this.#runners.delete(id);
    await this.#try(() => this.#sql.unsafe(UNLOCK, [this.#lockClass, key]));
  }

  /** Runners, other than `observer`, that are provably dead, or have left attempts behind. */
  async lost(observer: RunnerId): Promise<readonly RunnerId[]> {
    const known = await this.#try(() =>
      this.#query<KnownRunner>(
        `select r.id, r.presence, r.beat::double precision as beat, r.server_start = ${SERVER_START} as "sameServer",
           exists (
             select 1 from pg_locks l where l.locktype = 'advisory' and l.objsubid = 2 and l.granted
               and l.classid = $1::bigint::oid and l.objid = r.key::bigint::oid
               and l.database = (select oid from pg_database where datname = current_database())
           ) as locked
         from ${this.#table('runner')} r where r.presence > 0`,
        [this.#lockClass],
      ),
    );
    return known
      .filter((runner) => runner.id !== observer && this.#isDead(runner))
      .map((r) => r.id);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#heart);
    if (this.#upSince !== null) {
      await this.#sql.unsafe('select pg_advisory_unlock_all()').catch(() => null);
    }
    await this.#sql.end({ timeout: 5 });
  }

  #isDead(runner: KnownRunner): boolean {
    if (runner.presence === PRESENCE.leaving) return true;
    const upSince = this.#upSince ?? Number.POSITIVE_INFINITY;
    const expired = this.#lease.hasExpired(runner, upSince);
    if (this.#runners.has(runner.id)) return false;
    const settled = !this.#wasLost || performance.now() - upSince >= SETTLED_MS;
    return expired || (settled && runner.sameServer && !runner.locked);
  }

  /** Everything that a new connection needs to be this session. */
  async #begin(): Promise<void> {
    await this.#query(`listen ${quoteName(this.#channel)}`);
    await this.#setClock();
    for (const [id, key] of this.#runners) {
      await this.#query(LOCK, [this.#lockClass, key]);
      await this.#query(
        `update ${this.#table('runner')} set server_start = ${SERVER_START}, beat = beat + 1 where id = $1`,
        [id],
      );
    }
    this.#upSince = performance.now();
  }

  #onLoss(): void {
    if (this.#upSince === null) return;
    this.#upSince = null;
    this.#wasLost = true;
    if (this.#closed) return;
    this.#parts.logger?.warn('the connection to PostgreSQL was lost: connecting anew');
    void this.#return();
  }

  async #return(): Promise<void> {
    try {
      await this.#begin();
      this.#parts.onGap();
    } catch (error) {
      if (this.#closed) return;
      this.#parts.logger?.debug('PostgreSQL cannot be reached yet', { error });
      setTimeout(() => void this.#return(), RECONNECT_MS).unref();
    }
  }

  async #beat(): Promise<void> {
    if (this.#beating || this.#upSince === null) return;
    this.#beating = true;
    try {
      const keys = [...this.#runners.values()].join(', ');
      if (keys !== '') {
        await this.#query(
          `update ${this.#table('runner')} set beat = beat + 1 where key in (${keys})`,
        );
      }
      await this.#setClock();
    } catch (error) {
      this.#parts.logger?.warn('a heartbeat could not be written', { error });
    } finally {
      this.#beating = false;
    }
  }

  #setClock(): Promise<void> {
    return this.#parts.clock.measure(async () => {
      const [row] = await this.#query<{ now: number }>(`select ${NOW} as now`);
      return row?.now as number;
    });
  }

  #query<Row extends object>(
    text: string,
    parameters: readonly (string | number)[] = [],
  ): Promise<readonly Row[]> {
    return this.#sql.unsafe<Row[]>(text, parameters as ParameterOrJSON<never>[]);
  }

  async #try<T>(work: () => PromiseLike<T>): Promise<T> {
    if (this.#closed) throw new TaskedError('unavailable', 'the store was closed');
    try {
      return await work();
    } catch (error) {
      throw explainPostgresError(error);
    }
  }

  #table(name: string): string {
    return `${quoteName(this.#parts.schema)}.${name}`;
  }
}

/** Where the stores of a schema tell each other of commits. */
export function channelOf(schema: string): string {
  return `tasked_${lockClass('hints', schema)}`;
}

const LOCK = 'select pg_advisory_lock($1::int, $2::int)';
const UNLOCK = 'select pg_advisory_unlock($1::int, $2::int)';
const NOW = '(extract(epoch from clock_timestamp()) * 1000)::double precision';
const SERVER_START = 'extract(epoch from pg_postmaster_start_time())::double precision';
